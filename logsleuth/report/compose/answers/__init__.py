"""The sentences that answer first: what users saw, why, and how it ended."""
