"""Logs scanned by a Dask cluster: the same blocks and tallies as on one machine, submitted elsewhere."""
