"""The console's pages on which staff edit the message templates."""
