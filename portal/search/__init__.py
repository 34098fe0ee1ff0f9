"""Search from any page of the console: the results of all sources that nouns declare."""
