"""Passkeys, with which clients sign in without a code."""
