"""The operations of the client API on the waiting list."""
