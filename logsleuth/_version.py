"""The version of logsleuth."""

__version__ = "0.1.0"
