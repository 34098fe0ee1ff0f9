"""What if the product grows? An app of one small table that has had few migrations, or many."""
