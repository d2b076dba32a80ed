"""Where blocks are scanned. An engine is a map over blocks and knows nothing of logs."""
