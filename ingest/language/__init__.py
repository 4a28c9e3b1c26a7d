"""What the words of a text do in a sentence: wordings, clauses, roles; nothing of medicine."""
