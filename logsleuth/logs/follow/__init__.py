"""What is new in a log since it was last read, wherever rotation has put it."""
