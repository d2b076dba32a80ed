"""The Report: frozen data, and one renderer a format."""
