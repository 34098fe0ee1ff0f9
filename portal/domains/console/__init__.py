"""Console pages about the portal's address and its custom domains."""
