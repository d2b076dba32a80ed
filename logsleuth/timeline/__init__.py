"""All that a tally knows, as instants."""
