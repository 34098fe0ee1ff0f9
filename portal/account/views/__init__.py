"""Pages where clients see and change their own data."""
