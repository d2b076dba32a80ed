"""Units of time: everything after the scan counts in microseconds since 1970."""

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
