"""Management commands use the settings of a demo that runs beside them."""

import json
import os
import subprocess
import sys

from django.conf import settings


def run_manage(home, **env):
    """Run a command that needs settings, with only these in its environment."""
    command = [sys.executable, "manage.py", "diffsettings", "--output", "unified"]
    env = {"PATH": os.environ["PATH"], "PORTICO_HOME": str(home)} | env
    return subprocess.run(command, cwd=settings.BASE_DIR, env=env, capture_output=True, text=True)


def test_a_command_beside_a_running_demo_uses_its_settings(tmp_path):
    names = [
        "SECRET_KEY",
        "LOGIN_CODE_KEYS",
        "DIGEST_KEYS",
        "PLATFORM_HOST",
        "PORTAL_DOMAIN",
        "DATABASE_URL",
        "REDIS_URL",
    ]
    env = {name: os.environ[name] for name in names} | {"PUBLIC_URL": "http://localhost:8123", "DEMO": "true"}
    (tmp_path / "demo.json").write_text(json.dumps({"env": env}))

    found = run_manage(tmp_path)

    assert found.returncode == 0, found.stderr
    assert "http://localhost:8123" in found.stdout


def test_a_command_without_settings_says_what_is_missing(tmp_path):
    found = run_manage(tmp_path)

    assert found.returncode != 0
    assert found.stderr.startswith("Set ")
