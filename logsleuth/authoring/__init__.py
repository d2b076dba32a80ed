"""For those who write patterns: the self-test. It stands above the scan, which it runs."""
