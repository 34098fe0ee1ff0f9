"""Sending of webhooks: where they may go, how they are posted, and whose turn it is."""
