"""What httpd writes itself: records, its default formats, and those that `ErrorLogFormat` sets."""
