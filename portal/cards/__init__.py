"""The client card: its pages, merging, erasing and exporting a client."""
