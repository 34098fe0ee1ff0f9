"""The web server: `python -m config.web_server` serves Portico, or another WSGI application that is named."""

import argparse
import pkgutil
import resource
from collections.abc import Sequence
from functools import partial

from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from config.buffering.application import BufferedApplication, BufferSettings
from config.buffering.body_receiver import BodyTimeouts
from config.settings import host_settings, web_server_settings
from tenants.limits import CONNECTIONS_PER_PROCESS, HEADER_BYTES, WEB_PROCESSES

PORTICO = "config.wsgi:application"


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until a signal comes."""
    options = _parse_arguments(arguments)
    _raise_open_files_limit()
    header_timeout = int(web_server_settings.REQUEST_HEADER_TIMEOUT.total_seconds() * 1000)
    server = Granian(
        options.application,
        address=options.host,
        port=options.port,
        interface=Interfaces.ASGINL,
        workers=options.processes,
        http=HTTPModes.http1,
        http1_settings=HTTP1Settings(header_read_timeout=header_timeout, max_buffer_size=HEADER_BYTES),
        websockets=False,
        backpressure=CONNECTIONS_PER_PROCESS,
        respawn_failed_workers=True,
        workers_kill_timeout=options.stop_timeout,
        log_level=LogLevels.error,
    )
    server.serve(target_loader=partial(load_buffered_application, threads=options.threads))


def load_buffered_application(target: str, *, threads: int) -> BufferedApplication:
    """Import a WSGI application in a web process, and put the buffer in front of it."""
    settings = BufferSettings(
        threads=threads,
        body_timeouts=BodyTimeouts(
            ordinary=web_server_settings.REQUEST_BODY_TIMEOUT.total_seconds(),
            upload=web_server_settings.UPLOAD_TIMEOUT.total_seconds(),
        ),
        bodies_per_network=web_server_settings.REQUEST_BODIES_PER_NETWORK,
        stall_timeout=web_server_settings.RESPONSE_STALL_TIMEOUT.total_seconds(),
        min_rate=web_server_settings.RESPONSE_MIN_RATE,
        trusted_proxies=host_settings.TRUSTED_PROXY_COUNT,
    )
    return BufferedApplication(pkgutil.resolve_name(target), settings)


def _parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.web_server", description=__doc__)
    parser.add_argument("application", nargs="?", default=PORTICO, help=f"a WSGI application ({PORTICO})")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--processes", type=int, default=WEB_PROCESSES)
    parser.add_argument("--threads", type=int, default=8, help="threads of each process that call the application")
    parser.add_argument("--stop-timeout", type=int, default=20, help="seconds to finish requests in after SIGTERM")
    return parser.parse_args(arguments)


def _raise_open_files_limit() -> None:
    """Let each process open as many files as the system allows: every connection is one."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    main()
