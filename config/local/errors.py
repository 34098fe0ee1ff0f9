"""How does set-up tell a person what to do? In one plain sentence, never a traceback."""

import errno


class CommandError(Exception):
    """Something the person at the keyboard can put right; the message says how."""


def describe_os_error(error: OSError) -> str:
    """Say what a failed system call asks of the person at the keyboard."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "The disk is full. Free some space and run this again."
    return f"{error.filename or 'A file'} can't be used: {error.strerror or error}."
