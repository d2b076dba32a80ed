"""Stretches of time in which the server failed its users."""
