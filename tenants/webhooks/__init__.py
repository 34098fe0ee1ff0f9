"""Requests to addresses that people typed: where they may go, how webhooks are posted, and files downloaded."""
