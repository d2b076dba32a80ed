"""The probe that would have caught it: what it asks for, what it watches, and when it would have raised an alarm."""
