"""The console pages of scheduling."""
