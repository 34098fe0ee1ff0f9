"""Which ports are free on this machine?"""

import socket

from config.local.trouble import Trouble


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free(port: int) -> None:
    """Refuse a port that another program answers on, whichever loopback address it took."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            probe.settimeout(1)
            try:
                taken = probe.connect_ex((address, port)) == 0
            except OSError:
                taken = False  # No such address family here.
        if taken:
            raise Trouble(f"Port {port} is taken by another program. Choose another: make demo PORT={port + 1}")


def as_port(value: str) -> int:
    """Read a port number from what a person typed."""
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise Trouble(f"PORT is {value!r}; it has to be a number between 1 and 65535, such as PORT=8000.")
    return int(value)
