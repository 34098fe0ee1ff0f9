"""Finding a free port, and checking or parsing a given one."""

import random
import socket
from contextlib import suppress

from config.local.errors import CommandError

# Below the ports that systems give to outgoing connections, which could take a port before it is used.
CANDIDATE_PORTS = range(20_000, 32_000)


def find_free_port() -> int:
    """Return a loopback port that nobody listens on, at random, so that hardly anybody takes it before it is used."""
    for port in random.SystemRandom().sample(
        CANDIDATE_PORTS, 200
    ):  # Unaffected by seeds, so two processes don't try the same order.
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise CommandError("No port between 20000 and 32000 is free on this machine.")


def require_port_free(port: int) -> None:
    """Raise CommandError when another program listens on the port, on either loopback address."""
    for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with socket.socket(family) as probe:
            probe.settimeout(1)
            try:
                taken = probe.connect_ex((address, port)) == 0
            except OSError:
                taken = False  # No such address family here.
        if taken:
            raise CommandError(
                f"Port {port} is taken by another program. Choose another: make demo PORT={_suggest_port(port)}"
            )
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise CommandError(
                f"Port {port} can't be used: {error.strerror}. Choose another: make demo PORT={_suggest_port(port)}"
            ) from error


def _suggest_port(port: int) -> int:
    return port + 1 if 1024 <= port < 65535 else 8001


def parse_port(value: str) -> int:
    """Parse a port number that a person typed. Raises CommandError."""
    if not value.isdecimal() or not 1 <= int(value) <= 65535:
        raise CommandError(f"PORT is {value!r}; it has to be a number between 1 and 65535, such as PORT=8000.")
    return int(value)
