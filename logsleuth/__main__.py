"""`python -m logsleuth`."""

from logsleuth.cli import main

if __name__ == "__main__":
    main()
