"""Every setting has a type and a range, and a value outside them keeps programs from starting."""

import json
import os
import subprocess
import sys
from datetime import timedelta

import limits
import pytest
from django.core.checks import run_checks

from config import env
from tenants.setting_checks import ranges

pytestmark = pytest.mark.slow

NUMBER_EXAMPLES = ("banana", "1.5", "1e3", "-", "5 minutes")
RATE_EXAMPLES = ("banana", "5", "5/fortnight", "-5/hour")
MALFORMED = {
    **dict.fromkeys((*ranges.NUMBERS, *ranges.DURATIONS), NUMBER_EXAMPLES),
    **dict.fromkeys(ranges.RATES, RATE_EXAMPLES),
    **dict.fromkeys(("DEMO", "DEBUG", "STAFF_MFA_REQUIRED"), ("maybe", "2")),
    **dict.fromkeys(("LOG_LEVEL", "LOG_FORMAT"), ("loud",)),
    "DATABASE_URL": ("banana", "mysql://u@h/d", "postgres://u@h", "postgres://u@h:port/d"),
    **dict.fromkeys(
        ("LOGIN_CODE_KEYS", "DIGEST_KEYS"), ("banana", "k1:c2hvcnQ=", ":" + "A" * 44, f"k1:{'A' * 44},k1:{'B' * 44}")
    ),
}
REQUIRED = [
    *("SECRET_KEY", "LOGIN_CODE_KEYS", "DIGEST_KEYS", "PLATFORM_HOST", "PORTAL_DOMAIN", "PUBLIC_URL"),
    *("DATABASE_URL", "REDIS_URL"),
]
READ_SETTINGS = """
import json, os, sys
before = set(sys.modules)
for name, value in json.load(sys.stdin):
    original, os.environ[name] = os.environ.get(name), value
    try:
        import config.settings
        print(json.dumps([name, value, "started"]))
    except Exception as error:
        print(json.dumps([name, value, f"{type(error).__name__}: {error}"]))
    if original is None:
        del os.environ[name]
    else:
        os.environ[name] = original
    for module in set(sys.modules) - before:
        if module.startswith("config"):
            del sys.modules[module]
"""


def list_settings_with_errors() -> set[str]:
    """Return the names of the settings for which the system checks report errors."""
    return {error.id.removeprefix("portico.") for error in run_checks() if error.id.startswith("portico.")}


def read_settings(values: list[tuple[str, str]]) -> list[list[str]]:
    """Return, for each variable with a value, what a program says that reads the settings with it."""
    command = [sys.executable, "-c", READ_SETTINGS]
    done = subprocess.run(command, input=json.dumps(values), env=dict(os.environ), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_number_and_duration_is_checked():
    numbers = {variable.name for variable in env.list_env_variables() if type(variable.default) is int}

    assert numbers == {*ranges.NUMBERS, *ranges.DURATIONS}


def test_every_rate_is_checked():
    rates = {variable.name for variable in env.list_env_variables() if _is_rate(variable.default)}

    assert rates == set(ranges.RATES)


def _is_rate(default: object) -> bool:
    try:
        return isinstance(default, str) and bool(limits.parse(default))
    except ValueError:
        return False


@pytest.mark.parametrize("name", ranges.NUMBERS)
def test_a_number_outside_its_range_is_refused(name, settings):
    for value in (ranges.NUMBERS[name][0] - 1, ranges.NUMBERS[name][1] + 1):
        setattr(settings, name, value)
        assert name in list_settings_with_errors()


@pytest.mark.parametrize("name", ranges.DURATIONS)
def test_a_duration_outside_its_range_is_refused(name, settings):
    for seconds in (ranges.DURATIONS[name][0] - 1, ranges.DURATIONS[name][1] + 1):
        setattr(settings, name, timedelta(seconds=seconds))
        assert name in list_settings_with_errors()


@pytest.mark.parametrize("name", ranges.RATES)
def test_a_rate_that_allows_nothing_or_anything_is_refused(name, settings):
    for rate in ("0/hour", "100000/hour", "5/second", "5/month"):
        setattr(settings, name, rate)
        assert name in list_settings_with_errors()


def test_a_value_that_cannot_be_read_is_refused_with_the_name_of_its_setting():
    values = [(name, value) for name, examples in MALFORMED.items() for value in examples]

    answers = read_settings(values)

    assert len(answers) == len(values)
    for name, value, answer in answers:
        assert answer.startswith(f"ImproperlyConfigured: {name} can't be read: "), (name, value, answer)


def test_a_required_setting_that_is_missing_is_named():
    for name, _value, answer in read_settings([(name, "") for name in REQUIRED]):
        assert answer.startswith(f"ImproperlyConfigured: Set {name}. "), answer


def test_the_required_settings_are_those_without_a_default():
    assert {variable.name for variable in env.list_env_variables() if variable.default is None} == set(REQUIRED)
