"""Errors that a person at the keyboard can fix, each shown as one sentence instead of a traceback."""

import errno


class CommandError(Exception):
    """A problem that the person at the keyboard can fix; the message says how."""


def describe_os_error(error: OSError) -> str:
    """Return a sentence that says what a failed system call asks of the person at the keyboard."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and run this again."
    return f"{error.filename or 'A file'} can't be used: {error.strerror or error}."
