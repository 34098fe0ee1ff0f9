"""The console's inbox and conversation pages: they compose the client card of `cards` with the chat of `messaging`."""
