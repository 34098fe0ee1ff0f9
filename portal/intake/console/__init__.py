"""The console pages of enquiries, suggestions and the contact form's settings."""
