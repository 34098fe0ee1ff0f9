"""Webhooks: events of a business that its other programs are told of."""
