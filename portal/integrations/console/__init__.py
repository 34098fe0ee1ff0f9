"""The console's pages about connected programs."""
