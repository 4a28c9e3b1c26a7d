"""From what a sentence says to a claim: which pattern, which way, about what."""
