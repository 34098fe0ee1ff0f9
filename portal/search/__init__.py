"""Search from any page of the console: a registry of sources that apps contribute to."""
