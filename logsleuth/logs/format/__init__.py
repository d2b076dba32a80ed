"""What a log is, told from its first bytes, and which reader takes its lines."""
