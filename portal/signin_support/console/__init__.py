"""The console pages of sign-in support: clients who cannot sign in, and tickets with support."""
