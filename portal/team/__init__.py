"""Who works here? The team's pages, and what the timeline keeps of changes to it."""
