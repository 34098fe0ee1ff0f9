"""A business's own websites show its forms and call its client API; no other website does."""
