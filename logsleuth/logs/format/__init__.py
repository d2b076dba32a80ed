"""Recognises what a log is by its first bytes, and chooses the reader of its lines."""
