"""The public contact form: enquiries, and matching them with the client list."""
