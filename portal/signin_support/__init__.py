"""Sign-in support: why a client cannot sign in, and what staff can do about it."""
