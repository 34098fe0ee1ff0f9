"""A noun that exists in tests only: it shows what a folder and one line of INSTALLED_APPS add to Portico."""
