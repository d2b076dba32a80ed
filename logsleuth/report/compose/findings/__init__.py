"""What the logs show besides when they are read once more: what set it off, and the reason in other words."""
