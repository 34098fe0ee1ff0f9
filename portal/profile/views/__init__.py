"""Which pages show a client their own data? One file per task."""
