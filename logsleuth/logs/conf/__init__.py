"""httpd's configuration, as far as it says how its logs are to be read."""
