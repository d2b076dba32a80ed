"""Lint: what is wrong, slow or easily fooled about a pattern although its examples pass."""
