"""Fuzzing: hostile inputs to everything that reads what others wrote. `python -m tests.fuzz --minutes 10` runs it."""
