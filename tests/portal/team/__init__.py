"""The team changes as its owner wants, and each change is recorded."""
