"""Which concepts of the vocabulary a sentence names, and what an article is about."""
