"""Tests of the report; hostile_texts.py is their shared data."""
