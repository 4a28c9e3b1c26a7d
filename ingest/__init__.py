"""Turn article files into records, documents and claims; knows no database."""
