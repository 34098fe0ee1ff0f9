"""The exception by which a parser refuses a file; it imports nothing, so that every parser can raise it."""


class FileRefused(Exception):
    """The file is none that the parser accepts. The message is a key that the caller translates into a sentence."""
