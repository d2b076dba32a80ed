"""What people paste: lines with something around them, with half a head or none, of several programs in one text."""
