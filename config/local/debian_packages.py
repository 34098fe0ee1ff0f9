"""Installs Debian packages where the run may, without starting their services."""

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from config.local.setup_programs import run_program
from config.local.state_dir import StateDir
from config.local.step_tracking import print_step

POLICY = Path("/usr/sbin/policy-rc.d")


def can_install_debian_packages() -> bool:
    """Tell whether this is root on a machine with Debian's package manager."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def install_debian_packages(state_dir: StateDir, env: Mapping[str, str], *packages: str) -> None:
    """Install packages with their dependencies. Raises CommandError with apt's own message."""
    quiet = {**env, "DEBIAN_FRONTEND": "noninteractive"}
    with print_step(f"From Debian: {packages[0]}"), _prevent_debian_service_starts():
        run_program(
            state_dir, ["apt-get", "update", "-qq"], quiet, failure_message="Debian's package lists can't be read."
        )
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
        run_program(state_dir, command, quiet, failure_message=f"{packages[0]} can't be installed.")


@contextmanager
def _prevent_debian_service_starts() -> Iterator[None]:
    """Keep packages from starting their services meanwhile, by Debian's own policy file."""
    ours = not POLICY.exists()
    if ours:
        POLICY.write_text("#!/bin/sh\nexit 101\n")
        POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            POLICY.unlink()
