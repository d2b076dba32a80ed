"""What other programs put around an error log's lines: syslog, the journal, containers. Each is peeled off first."""
