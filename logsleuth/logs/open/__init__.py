"""Opening what the user names: files, folders, archives, compressed and rotated logs, and reading them in blocks."""
