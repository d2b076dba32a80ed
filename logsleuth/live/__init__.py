"""Feeding the story bit by bit while it happens: following logs, one-shot checks, and what they set off."""
