"""Are these settings safe to serve real people with? Refuses to start with a sentence when not."""
