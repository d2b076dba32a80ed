"""The version of logsleuth."""

__version__ = "0.2.0"
