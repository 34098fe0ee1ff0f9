"""Tests of scheduling's console pages."""
