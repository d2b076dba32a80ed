"""Tests of hosts side by side."""
