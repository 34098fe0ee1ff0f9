"""Caps on texts and their cost, and a stop of texts while few codes are typed back."""
