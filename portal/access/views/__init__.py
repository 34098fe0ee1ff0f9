"""Which pages does signing in have? One file per step."""
