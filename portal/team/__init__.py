"""The team of a business: its console pages, its invitations, and the timeline entries for each change."""
