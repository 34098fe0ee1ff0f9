"""The waiting list: who is on it, the times they are offered, and their answers."""
