"""The operations of the business API on the waiting list."""
