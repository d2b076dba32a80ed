"""Benchmarks: a maker of logs, and what measures logsleuth on them."""
