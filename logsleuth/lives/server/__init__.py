"""The life of the server: its parent process."""
