"""Staff pages for the client list."""
