"""Parse what the input formats share: archives, mark-up, flat exports and small printed facts."""
