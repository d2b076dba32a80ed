"""The rules by which something is a signal, one a file. No detector sees what another has found."""
