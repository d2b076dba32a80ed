"""Ready configuration for supervisors: text with slots, filled in for a host, checked by the program it is for."""
