"""`make demo` starts in an empty directory, lets a client sign in, and leaves no process behind."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
import requests

from config.local.environment import list_documented_variables
from config.local.ports import find_free_port
from config.local.state_dir import PROJECT_ROOT
from tests.faults.process_cluster import wait_until

pytestmark = pytest.mark.faults

# Variables that a make which started the tests passes on.
MAKE_VARIABLES = {"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "PYTHON"}


class DemoProcess:
    """A demo started by make, with its own port and directory."""

    def __init__(self, home: Path) -> None:
        self.home, self.port = home, find_free_port()
        # It has to find settings of its own: with the tests' it would clear the files that their browsers load.
        env = {
            name: value
            for name, value in os.environ.items()
            if name not in list_documented_variables() | MAKE_VARIABLES
        }
        command = ["make", "demo", f"PORT={self.port}", f"PORTICO_HOME={home}", f"PYTHON={sys.executable}"]
        self.make = subprocess.Popen(
            command,
            cwd=PROJECT_ROOT,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )
        self.output = ""
        self.programs: list[psutil.Process] = []

    def wait_until_ready(self) -> None:
        """Read its output up to the last line of the welcome."""
        for line in self.make.stdout:
            self.output += line
            if "Ctrl-C stops everything" in line:
                break
        self.programs = psutil.Process(self.make.pid).children(recursive=True)

    def interrupt(self) -> None:
        """Send SIGINT, as Ctrl-C does, and wait for its end."""
        os.killpg(self.make.pid, signal.SIGINT)
        self.output += self.make.stdout.read()
        self.make.wait()

    def kill(self) -> None:
        """Kill every process that is left."""
        with suppress(ProcessLookupError):
            os.killpg(self.make.pid, signal.SIGKILL)
        for program in self.programs:
            with suppress(psutil.NoSuchProcess):
                program.kill()
        self.make.stdout.close()
        self.make.wait()

    def browser(self, host: str) -> requests.Session:
        """Open a browser at one of its hosts, which only browsers can look up."""
        session = requests.Session()
        session.trust_env = False
        session.headers.update({"Host": f"{host}:{self.port}", "Origin": f"http://{host}:{self.port}"})
        return session

    def url(self, path: str) -> str:
        """Return where a path is found, whatever the host."""
        return f"http://127.0.0.1:{self.port}{path}"


@pytest.fixture
def started_demo(tmp_path) -> Iterator[DemoProcess]:
    """A demo that is being started."""
    demo = DemoProcess(tmp_path / "home")
    yield demo
    demo.kill()


def send_form(demo: DemoProcess, browser: requests.Session, path: str, **fields: str) -> requests.Response:
    """Fill in the form of a page and send it, without following where it leads."""
    page = browser.get(demo.url(path)).text
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)[1]
    return browser.post(demo.url(path), {"csrfmiddlewaretoken": token, **fields}, allow_redirects=False)


def code_for(demo: DemoProcess, address: str) -> str:
    """Read the newest code in the outbox, once a worker has put one there."""
    outbox = demo.browser("localhost")

    def find_newest_code() -> re.Match | None:
        mails = outbox.get(demo.url("/dev/outbox.json"), params={"to": address}).json()
        return next(filter(None, (re.match(r"\d{6}\b", mail["subject"]) for mail in mails)), None)

    return wait_until(find_newest_code, what="a code in the outbox").group()


def test_the_demo_signs_ana_in_and_leaves_nothing_when_interrupted(started_demo):
    started_demo.wait_until_ready()
    assert f"http://acme.localhost:{started_demo.port}/" in started_demo.output, started_demo.output
    assert (started_demo.home / "static" / "staticfiles.json").exists()

    ana = started_demo.browser("acme.localhost")
    answer = send_form(started_demo, ana, "/sign-in/", identifier="ana@example.com")
    assert answer.headers["Location"] == "/sign-in/code/"
    answer = send_form(started_demo, ana, "/sign-in/code/", code=code_for(started_demo, "ana@example.com"))
    assert answer.headers["Location"] == "/"
    assert "Ana" in ana.get(started_demo.url("/")).text

    assert len(started_demo.programs) > 10
    started_demo.interrupt()
    _gone, left = psutil.wait_procs(started_demo.programs, timeout=60)
    assert left == [], started_demo.output
    assert "Traceback" not in started_demo.output
