"""What stands out from chance."""
