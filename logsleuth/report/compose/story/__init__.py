"""What happened, in sentences and rows: each with the lines that prove it."""
