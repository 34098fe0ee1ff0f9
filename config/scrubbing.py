"""Removal of personal data and secrets from log lines and error reports."""

import ipaddress
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

PLACEHOLDER = "[scrubbed]"

# A cheap test first: most lines match none of these.
_MAYBE_SENSITIVE = re.compile(r"[@?<:]|\d[\d ().-]{0,2}\d|[\w-]{20,}")
# Alternatives are tried in order, so that a harmless match is not seen by the rules below it.
_SENSITIVE = re.compile(
    r"""
    (?P<harmless>
        (?<![0-9a-f]) [0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12} (?![0-9a-f])
      | (?<![\d-]) \d{4}-[01]\d-[0-3]\d (?:[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)? (?![\d-])
      | \b t_[0-9a-f]{24} \b
    )
    | (?P<row> (?<=<) [A-Z]\w*:\s [^<>]* (?=>) )
    | (?P<address> [^\s@<>"'(),;:=\[\]]+ @ [^\s@<>"'(),;:=\[\]]+ )
    | (?P<query> (?<=[\w/]) \? [^\s"'<>]* = [^\s"'<>]* )
    | (?P<network> (?<![\w.:]) (?: \d{1,3}(?:\.\d{1,3}){3} | [0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7} (?!:) ) (?!\w) )
    | (?P<token> (?<![\w-]) (?: [0-9a-f]{32,} | (?=[\w-]*\d)(?=[\w-]*[A-Z])(?=[\w-]*[a-z])[\w-]{20,} ) (?![\w-]) )
    | (?P<number> (?<![\w.]) [+(]{0,2} \d (?: [ ().-]{0,2} \d ){5,} (?!\w) )
    | (?P<digits> (?<!\d) \d{6,} )
    """,
    re.VERBOSE,
)
# PostgreSQL repeats values of a row after these words; everything from there on is removed.
_ROW_VALUES = re.compile(r"\s*(?:DETAIL:|CONTEXT:|LINE \d+:|PARAMETERS:|Failing row contains|Key \().*", re.DOTALL)
_QUOTED = re.compile(r"""(['"])(.*?)\1""", re.DOTALL)
_IDENTIFIER = re.compile(r"[a-z_][\w.]*|[A-Z]\w*(?:Error|Exception|Warning)", re.ASCII)

# A value under one of these keys is always replaced.
SENSITIVE_KEYS = frozenset(
    "address args authorization body code codes cookie cookies data dsn email emails first_name form headers html "
    "identifier ip kwargs last_name mobile name params password path phone query query_string recipient "
    "remote_addr secret sms subject text to token url user user_agent username value".split()
)


def scrub_value(value: Any, *, name: str = "") -> Any:
    """Return the value with addresses, numbers, codes, IP addresses and tokens replaced, at any depth."""
    if name.lower().replace("-", "_") in SENSITIVE_KEYS and value not in (None, ""):
        return PLACEHOLDER
    if isinstance(value, str):
        return scrub_text(value)
    if isinstance(value, Mapping):
        return {scrub_text(str(key)): scrub_value(inner, name=str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [scrub_value(inner) for inner in value]
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < 100_000 else PLACEHOLDER
    if isinstance(value, date):
        return value.isoformat()
    return scrub_text(str(value))


def scrub_text(text: str) -> str:
    """Return the text with everything replaced that looks personal or secret."""
    return _SENSITIVE.sub(_replace_sensitive_match, text) if _MAYBE_SENSITIVE.search(text) else text


def scrub_message(text: str) -> str:
    """Return the message of an exception without the values that libraries quote in it."""
    return scrub_text(_QUOTED.sub(_replace_quoted_value, _ROW_VALUES.sub(f" {PLACEHOLDER}", text)))


def _replace_sensitive_match(match: re.Match) -> str:
    kind = match.lastgroup
    if kind == "harmless" or (kind == "network" and not _is_ip_address(match[0])):
        return match[0]
    return f"[{kind}]"


def _is_ip_address(text: str) -> bool:
    """Return whether the text is an IP address, not a time of day or `a::b`."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _replace_quoted_value(match: re.Match) -> str:
    quote, quoted = match.groups()
    return match[0] if _IDENTIFIER.fullmatch(quoted) else f"{quote}{PLACEHOLDER}{quote}"
