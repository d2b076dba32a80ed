"""Hosts side by side: values in, values out. Which host each log is of, and the story that lies above the hosts'."""
