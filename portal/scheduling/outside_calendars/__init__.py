"""Calendars that staff keep elsewhere, whose busy times are not offered to clients."""
