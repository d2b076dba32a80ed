"""The zones of a log's times: the server's own, and that of its workers."""
