"""Sign-in, memberships and permissions of staff, and the navigation they see in the console."""
