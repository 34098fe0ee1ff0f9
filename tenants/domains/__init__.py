"""Custom domains of businesses: added, verified by a TXT record, pointed here and served over HTTPS."""
