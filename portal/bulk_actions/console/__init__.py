"""Console pages of bulk actions: for selected clients, and for those that an upload created."""
