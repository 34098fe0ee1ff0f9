"""How is a plainly written phone number brought to E.164 a hundred thousand times in a second or two?

`identifiers.parse_phone` decides what a number is and takes its time. Most numbers need none of its
care: those whose length alone tells that they are possible. For all others it is asked.
"""

import re
from functools import cache
from typing import NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from portal.clients import identifiers

PUNCTUATION = str.maketrans("", "", " ()./-")
DIGITS = re.compile(r"\+?[0-9]{6,15}")


class NumberingRules(NamedTuple):
    """What the fast way knows of the numbers behind a calling code."""

    lengths: frozenset[int]
    prefix: str


def to_e164(text: str, *, country: str) -> str:
    """Return a phone number in E.164, exactly as `identifiers.parse_phone` would. Raises InvalidIdentifier."""
    return _to_e164_fast(text.translate(PUNCTUATION), country) or identifiers.parse_phone(text, country=country).value


def _to_e164_fast(digits: str, country: str) -> str:
    """Return the number if it is certain without looking closely, else nothing."""
    if not (digits.isascii() and DIGITS.fullmatch(digits)):
        return ""
    if digits[0] == "+":
        return _international(digits[1:])
    code, rules = _country_rules(country)
    national = digits[1:]
    if not rules or digits[0] != "0" or rules.prefix != "0" or national[0] == "0":
        return ""
    return f"+{code}{national}" if len(national) in rules.lengths else ""


def _international(digits: str) -> str:
    for length in (1, 2, 3):
        if rules := _calling_code_rules(digits[:length]):
            national = digits[length:]
            is_plain = national[:1] not in ("", "0", rules.prefix)
            return f"+{digits}" if is_plain and len(national) in rules.lengths else ""
    return ""


@cache
def _calling_code_rules(code: str) -> NumberingRules | None:
    """Return the lengths of a calling code's numbers, where what precedes them at home is one digit or nothing."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code[:1] != "0" else None
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0]) if regions else None
    if metadata is None or not regions or metadata.general_desc is None:
        return None
    prefix = metadata.national_prefix_for_parsing or ""
    lengths = frozenset(metadata.general_desc.possible_length)
    simple = len(prefix) <= 1 and metadata.national_prefix_transform_rule is None
    return NumberingRules(lengths if simple else frozenset(), prefix)


@cache
def _country_rules(country: str) -> tuple[str, NumberingRules | None]:
    metadata = PhoneMetadata.metadata_for_region(country, None)
    if metadata is None or metadata.country_code is None:
        return "", None
    code = str(metadata.country_code)
    # Where several countries share a code, a number may belong to one without being possible in another.
    is_alone = len(COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]) == 1
    return code, _calling_code_rules(code) if is_alone else None
