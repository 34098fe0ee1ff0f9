"""The environment variables that the demo's and the tests' programs get."""

import os
import re
import sys
from pathlib import Path

from config.local.state_dir import PROJECT_ROOT, StateDir


def build_demo_env(state_dir: StateDir, *, port: int, metrics_port: int, services: dict[str, str]) -> dict[str, str]:
    """Return the demo's environment; variables that the person has set take precedence over our defaults."""
    defaults = {
        "PLATFORM_HOST": "localhost",
        "PORTAL_DOMAIN": "localhost",
        "PUBLIC_URL": f"http://localhost:{port}",
        "METRICS_PORT": str(metrics_port),
        "PROMETHEUS_MULTIPROC_DIR": str(state_dir.subdirectory("metrics")),
        "LOG_FORMAT": "console",
        "LOG_LEVEL": "info",
    }
    own = {name: value for name, value in os.environ.items() if value}
    return defaults | _build_local_settings(state_dir) | own | services | _build_fixed_settings() | {"DEMO": "true"}


def build_test_env(state_dir: StateDir, *, services: dict[str, str]) -> dict[str, str]:
    """Return the tests' environment, without the settings that the person has set for themselves."""
    settings = {
        "DEMO": "true",
        "PLATFORM_HOST": "localhost",
        "PORTAL_DOMAIN": "localhost",
        "PUBLIC_URL": "http://localhost:8000",
        "LOG_LEVEL": "warning",
    }
    neutral = {
        name: value
        for name, value in os.environ.items()
        if name.removesuffix("_FILE") not in list_documented_variables()
    }
    return neutral | settings | _build_local_settings(state_dir) | services | _build_fixed_settings()


def list_documented_variables() -> set[str]:
    """Return the names of the variables in `.env.example`; a test keeps it complete."""
    return set(re.findall(r"^#?\s?([A-Z][A-Z0-9_]+)=", (PROJECT_ROOT / ".env.example").read_text(), re.MULTILINE))


def _build_local_settings(state_dir: StateDir) -> dict[str, str]:
    secrets = state_dir.load_secrets()
    return {
        "SECRET_KEY": secrets["SECRET_KEY"],
        "LOGIN_CODE_KEYS": secrets["LOGIN_CODE_KEYS"],
        "DIGEST_KEYS": secrets["DIGEST_KEYS"],
        "STATIC_ROOT": str(state_dir.subdirectory("static")),
        "DEMO_OUTBOX_DIR": str(state_dir.subdirectory("outbox")),
    }


def _build_fixed_settings() -> dict[str, str]:
    """Return what no variable overrides. Our own programs come first in PATH, so that npm finds our Node."""
    return {
        "PATH": f"{Path(sys.prefix) / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "",  # Programs start twice as fast from bytecode.
        "NODE_USE_SYSTEM_CA": "1",
    }
