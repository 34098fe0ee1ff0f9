"""Template filters of scheduling."""
