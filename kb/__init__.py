"""Store, index, search, cite and publish the claims of the evidence base."""

DISCLAIMER = "An evidence browser, not a medical device: it supports reading of evidence and does not replace judgement."
