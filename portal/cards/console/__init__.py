"""The console pages of a client's card, one module per tab or action."""
