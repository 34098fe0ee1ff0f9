"""What staff see of client list uploads and their imports."""
