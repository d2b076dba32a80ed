"""The logs themselves: what they are, what is odd about them, and how they are read once more."""
