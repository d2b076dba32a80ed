"""From a Tally to the story: timeline, incidents, workers' fates, causes."""
