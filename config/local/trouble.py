"""How does set-up tell a person what to do? In one plain sentence, never a traceback."""


class Trouble(Exception):
    """Something the person at the keyboard can put right; the message says how."""
