"""Formats that `ErrorLogFormat` sets: compiled by httpd's own rules, and lines read back by them."""
