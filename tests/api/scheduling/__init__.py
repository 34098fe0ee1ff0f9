"""Tests of scheduling in both APIs."""
