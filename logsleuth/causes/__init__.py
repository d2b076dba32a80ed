"""Why it happened, how sure that is, and what set it off."""
