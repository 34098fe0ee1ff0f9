"""Tests of staff sign-in, memberships and permissions."""
