"""Access logs: compiled from a LogFormat by mod_log_config's rules, read to records of kind `foreign`."""
