"""The hot path: a block of bytes becomes a Tally."""
