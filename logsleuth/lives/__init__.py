"""Three lives: the server, its workers, its requests."""
