"""The requests of an outage's own time, read once more from the access logs: who asked for what, and the answers."""
