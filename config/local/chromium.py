"""Which browser do the browser tests drive? One is always found or installed, or the run fails."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.local import debian
from config.local.home import Home
from config.local.setup import run
from config.local.steps import step
from config.local.trouble import Trouble

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_A_MAC = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
ASK_PLAYWRIGHT = (
    "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
)


def chromium(home: Home, env: Mapping[str, str]) -> str:
    """Return the path of a Chromium that starts. Raises Trouble where none can be had."""
    if found := _first_that_starts(env):
        return found
    if debian.may_install():
        debian.install(home, env, "chromium", "libatomic1")
    else:
        with step("Chromium, by Playwright"):
            command = [sys.executable, "-m", "playwright", "install", "chromium"]
            run(
                home,
                command,
                env,
                otherwise=f"The browser tests need Chromium. {_ADVICE} Playwright could not fetch it:",
            )
    if found := _first_that_starts(env):
        return found
    raise Trouble(f"Chromium was installed and does not start. {_ADVICE}")


_ADVICE = "Install it (Debian: apt-get install chromium libatomic1; macOS: Google Chrome) and run this again."


def _first_that_starts(env: Mapping[str, str]) -> str | None:
    return next((path for path in _candidates(env) if _starts(path)), None)


def _candidates(env: Mapping[str, str]) -> Iterator[str]:
    if named := os.environ.get("CHROMIUM"):
        yield named
    yield from filter(None, map(shutil.which, NAMES))
    yield from (str(path) for tail in ON_A_MAC if (path := Path("/Applications") / tail).exists())
    asked = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], env=dict(env), capture_output=True, text=True)
    if asked.returncode == 0 and Path(asked.stdout.strip()).exists():
        yield asked.stdout.strip()


def _starts(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
