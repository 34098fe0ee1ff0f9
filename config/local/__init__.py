"""How does Portico run on one machine with nothing installed by hand?"""
