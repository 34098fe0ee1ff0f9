"""Tests of custom domains."""
