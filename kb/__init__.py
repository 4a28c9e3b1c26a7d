"""Store, index, search, cite and publish the claims of the evidence base."""
