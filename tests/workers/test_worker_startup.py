"""A worker that waits for its database stops on SIGTERM."""

import os
import subprocess
import sys

import pytest

from tests.fakes.fake_server import FakeSocketServer
from tests.faults.process_cluster import wait_until


class UnreachableDatabase(FakeSocketServer):
    """A PostgreSQL that closes every connection."""

    def serve_connection(self, connection):
        connection.close()


@pytest.mark.faults
def test_sigterm_ends_a_worker_whose_database_is_away():
    with UnreachableDatabase() as database:
        worker = subprocess.Popen(
            [sys.executable, "-m", "dramatiq", "workers.main", "--processes", "1", "--worker-fork-timeout", "4000"],
            env=os.environ | {"DATABASE_URL": f"postgres://nobody@127.0.0.1:{database.port}/nothing"},
            start_new_session=True,
        )
        try:
            wait_until(lambda: database.connections > 1, what="a worker that waits")
            worker.terminate()
            assert worker.wait(timeout=100) == 0
        finally:
            if worker.poll() is None:
                os.killpg(worker.pid, 9)
