"""Logs and lines of programs that run beside httpd or in it, one file a program; each reads one line's text."""
