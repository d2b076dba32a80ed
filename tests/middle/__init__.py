"""Tests of the story; shop.py is their shared server."""
