"""Fake providers and servers on loopback that fail on demand."""
