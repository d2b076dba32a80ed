"""The rules that find signals, one per file. No detector depends on what another has found."""
