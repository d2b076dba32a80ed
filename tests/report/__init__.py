"""Tests of the report; attacks.py is their shared data."""
