"""The public booking page: services, times, and the form that books a time which is held meanwhile."""
