"""Console pages about the portal's appearance, texts and sign-in."""
