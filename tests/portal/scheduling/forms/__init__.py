"""Tests of scheduling's forms."""
