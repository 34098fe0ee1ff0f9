"""Tests that .env.example lists exactly the settings there are."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

TEXT = (settings.BASE_DIR / ".env.example").read_text()
LINES = re.findall(r"^(# )?([A-Z][A-Z0-9_]*)=(.*)$", TEXT, re.MULTILINE)
NAMES = [name for _, name, _ in LINES]
# Their defaults follow from another setting or from where the code lies.
DERIVED = {"BROKER_URL", "MAIL_FROM", "MAIL_FROM_CODES", "STATIC_ROOT", "DEMO_OUTBOX_DIR"}

LIST = """
from config import settings, env
for variable in env.list_env_variables():
    print(variable.name, variable.default is None, env_text(variable.default), sep="\\t")
"""
AS_TEXT = """
def env_text(value):
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(value) if isinstance(value, list) else str(value)
"""


@pytest.fixture(scope="module")
def production_variables() -> dict[str, tuple[bool, str]]:
    """What the settings ask for on a real platform: by name, whether it is required, and its default."""
    required = {
        "SECRET_KEY": "x",
        "PLATFORM_HOST": "p.test",
        "PORTAL_DOMAIN": "d.test",
        "PUBLIC_URL": "https://p.test",
        "DATABASE_URL": "postgres://u@h/d",
        "REDIS_URL": "redis://h",
        "LOGIN_CODE_KEYS": f"k1:{'A' * 44}",
        "DIGEST_KEYS": f"k1:{'B' * 44}",
    }
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(settings.BASE_DIR)} | required
    code = AS_TEXT + LIST
    listed = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True).stdout
    rows = (line.split("\t") for line in listed.splitlines())
    return {name: (missing == "True", default) for name, missing, default in rows}


def test_every_setting_is_listed_once(production_variables):
    assert sorted(NAMES) == sorted(production_variables)


def test_only_required_settings_are_uncommented(production_variables):
    written_out = {name for mark, name, _ in LINES if not mark}

    assert written_out == {name for name, (required, _) in production_variables.items() if required}


def test_commented_settings_show_their_defaults(production_variables):
    shown = {name: value for mark, name, value in LINES if mark and name not in DERIVED}

    assert shown == {name: production_variables[name][1] for name in shown}


def test_every_setting_has_an_explanation():
    for block in TEXT.split("\n\n"):
        if re.search(r"^(# )?[A-Z][A-Z0-9_]*=", block, re.MULTILINE):
            assert re.match(r"# [A-Za-z][^=]*[.:]", block), block
