"""How would a list be taken over without Portico? By django-import-export, into one table."""
