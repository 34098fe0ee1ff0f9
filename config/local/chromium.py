"""Finds or installs the Chromium that the browser tests drive."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from config.local import debian_packages
from config.local.errors import CommandError
from config.local.setup_programs import run_program
from config.local.state_dir import StateDir
from config.local.step_tracking import print_step

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_EXECUTABLES = ("Chromium.app/Contents/MacOS/Chromium", "Google Chrome.app/Contents/MacOS/Google Chrome")
PLAYWRIGHT_PATH_SCRIPT = (
    "from playwright.sync_api import sync_playwright as s\nwith s() as p: print(p.chromium.executable_path)"
)


def find_or_install_chromium(state_dir: StateDir, env: Mapping[str, str]) -> str:
    """Return the path of a Chromium that starts, installed if needed. Raises CommandError where that fails."""
    if found := _find_working_chromium(env):
        return found
    if debian_packages.can_install_debian_packages():
        debian_packages.install_debian_packages(state_dir, env, "chromium", "libatomic1")
    else:
        with print_step("Chromium, by Playwright"):
            command = [sys.executable, "-m", "playwright", "install", "chromium"]
            run_program(
                state_dir,
                command,
                env,
                failure_message=f"The browser tests need Chromium. {INSTALL_HINT} Playwright could not fetch it:",
            )
    if found := _find_working_chromium(env):
        return found
    raise CommandError(f"Chromium was installed and does not start. {INSTALL_HINT}")


INSTALL_HINT = "Install it (Debian: apt-get install chromium libatomic1; macOS: Google Chrome) and run this again."


def _find_working_chromium(env: Mapping[str, str]) -> str | None:
    return next((path for path in _find_chromium_candidates(env) if _can_run(path)), None)


def _find_chromium_candidates(env: Mapping[str, str]) -> Iterator[str]:
    if configured := os.environ.get("CHROMIUM"):
        yield configured
    yield from filter(None, map(shutil.which, EXECUTABLES))
    yield from (str(path) for tail in MAC_EXECUTABLES if (path := Path("/Applications") / tail).exists())
    result = subprocess.run(
        [sys.executable, "-c", PLAYWRIGHT_PATH_SCRIPT], env=dict(env), capture_output=True, text=True
    )
    if result.returncode == 0 and Path(result.stdout.strip()).exists():
        yield result.stdout.strip()


def _can_run(path: str) -> bool:
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=30).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False
