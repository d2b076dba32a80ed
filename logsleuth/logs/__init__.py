"""Reading: opening paths, telling formats apart, blocks of bytes, and what one line says."""
