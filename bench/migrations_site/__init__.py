"""An app of one small table with few migrations, or many."""
