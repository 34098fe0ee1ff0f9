"""Tests of the caps on texts, and of the stop while few codes are typed back."""
