"""Runs a WSGI application so that slow senders and slow readers keep none of its threads."""
