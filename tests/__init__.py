"""The tests. `python -m tests` runs all that is checked: lint, format, types, tests."""
