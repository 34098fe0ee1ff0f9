"""The landing page of the platform."""
