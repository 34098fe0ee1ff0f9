"""Scheduling: services, calendars, availability and appointments."""
