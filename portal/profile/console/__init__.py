"""Console pages for the portal's settings: one module per card of the Client Portal page."""
