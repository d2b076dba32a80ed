"""Configuration for supervisors: templates, filled in for a host and checked by the supervisor itself."""
