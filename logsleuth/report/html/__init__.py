"""The report as one self-contained HTML page: nothing is fetched, and a strict policy lets no script of others run."""

from logsleuth.report.html.page import render

__all__ = ["render"]
