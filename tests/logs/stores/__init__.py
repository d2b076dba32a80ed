"""Object stores and other machines: a real S3, a web server and an SSH server, all on loopback."""
