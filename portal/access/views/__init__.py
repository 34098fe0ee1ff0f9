"""The pages of signing in, one module per step."""
