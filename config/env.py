"""Functions that read settings from environment variables.

Each takes a description for the error message. `list_env_variables()` lists all variables read,
and a test compares them with `.env.example`.
"""

import base64
import binascii
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
import limits
from django.core.exceptions import ImproperlyConfigured

_environ = environ.Env()
variables: dict[str, "EnvVariable"] = {}

REQUIRED = object()


@dataclass(frozen=True)
class EnvVariable:
    """An environment variable: its name, description and default."""

    name: str
    description: str
    default: Any


def list_env_variables() -> list[EnvVariable]:
    """Return every variable that was read, in the order of reading."""
    return list(variables.values())


def read_string(name: str, description: str, default: Any = REQUIRED) -> str:
    """Read a string. Raises ImproperlyConfigured when it is required and missing."""
    return _read_variable(name, description, default, str)


def read_boolean(name: str, description: str, *, default: bool) -> bool:
    """Read a boolean. Raises ImproperlyConfigured for an unknown spelling."""
    return _read_variable(name, description, default, _parse_flag)


def read_integer(name: str, description: str, default: Any = REQUIRED) -> int:
    """Read a whole number."""
    return _read_variable(name, description, default, int)


def read_seconds(name: str, description: str, default: int) -> timedelta:
    """Read a duration, written as a whole number of seconds."""
    return timedelta(seconds=_read_variable(name, description, default, int))


def read_rate(name: str, description: str, default: str) -> str:
    """Read a rate such as "30/10 minutes", in the notation of the library limits."""
    return _read_variable(name, description, default, _parse_rate)


def read_choice(name: str, description: str, choices: list[str], default: Any = REQUIRED) -> str:
    """Read one of several choices, in lower case."""
    return _read_variable(name, description, default, lambda value: _parse_choice(value.lower(), choices))


def read_list(name: str, description: str, default: list[str]) -> list[str]:
    """Read a comma-separated list."""
    return _read_variable(name, description, default, _parse_list)


def read_database_url(name: str, description: str) -> dict[str, Any]:
    """Read a database URL into Django's dictionary, with django-environ."""
    return _read_variable(name, description, REQUIRED, _parse_database_url)


def read_keyring(name: str, description: str, default: Any = REQUIRED) -> dict[str, bytes]:
    """Read `id:base64,id:base64` into keys by id; the first one signs, the others still verify."""
    return _read_variable(name, description, default, _parse_keyring)


def _read_variable(name: str, description: str, default: Any, convert: Callable[[str], Any]) -> Any:
    variables[name] = EnvVariable(name, description, None if default is REQUIRED else default)
    value = _read_raw_value(name)
    if value in (None, ""):
        if default is REQUIRED:
            raise ImproperlyConfigured(f"Set {name}. {description} See .env.example.")
        return default
    try:
        return convert(value)
    except (ValueError, binascii.Error) as error:
        raise ImproperlyConfigured(f"{name} can't be read: {str(error).rstrip('.')}. {description}") from error


def _read_raw_value(name: str) -> str | None:
    """Return the content of the file in NAME_FILE, as Kubernetes and Docker pass secrets, else NAME."""
    path = os.environ.get(f"{name}_FILE")
    try:
        return Path(path).read_text().strip() if path else os.environ.get(name)
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE names {path}, which can't be read: {error.strerror}.") from error


def _parse_flag(value: str) -> bool:
    spellings = {"1": True, "true": True, "yes": True, "on": True}
    spellings |= {"0": False, "false": False, "no": False, "off": False}
    if value.lower() not in spellings:
        raise ValueError(f"{value!r} is neither true nor false.")
    return spellings[value.lower()]


def _parse_choice(value: str, choices: list[str]) -> str:
    if value not in choices:
        raise ValueError(f"{value!r} is not one of {', '.join(choices)}.")
    return value


def _parse_rate(value: str) -> str:
    try:
        limits.parse(value)
    except ValueError:
        raise ValueError('it reads like "30/10 minutes".') from None
    return value


def _parse_list(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def _parse_database_url(value: str) -> dict[str, Any]:
    url = urlsplit(value)
    try:
        is_complete = url.scheme in ("postgres", "postgresql") and len(url.path) > 1 and (url.port or True)
    except ValueError:
        is_complete = False  # The error would quote the invalid port, which may be part of a password.
    if not is_complete:
        raise ValueError("it has the form postgres://user:password@host:5432/name, with odd characters as %40.")
    return _environ.db_url_config(value)


def _parse_keyring(value: str) -> dict[str, bytes]:
    keys = {}
    for entry in _parse_list(value):
        key_id, colon, encoded = entry.partition(":")
        key = base64.b64decode(encoded, validate=True)
        if not colon or not key_id or len(key) < 32:
            raise ValueError("each key is an id, a colon and at least 32 bytes in base64.")
        if key_id in keys:
            raise ValueError(f"two keys have the id {key_id!r}.")
        keys[key_id] = key
    return keys
