"""Redaction: replaces people, machines and secrets in a text, and keeps it readable."""
