"""Tell which records are of one article, and make one of them."""
