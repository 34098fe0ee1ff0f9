"""Fast conversion of plainly written phone numbers to E.164.

`identifiers.parse_phone` is exact and slow. Numbers whose length alone shows that they are possible
don't need it; all others are passed on to it.
"""

import re
from functools import cache
from typing import NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata

from portal.clients import identifiers

PUNCTUATION = str.maketrans("", "", " ()./-")
DIGITS = re.compile(r"\+?[0-9]{6,15}")


class NumberingRules(NamedTuple):
    """The possible lengths of a calling code's national numbers, and the prefix they are dialled with at home."""

    lengths: frozenset[int]
    prefix: str


def to_e164(text: str, *, country: str) -> str:
    """Return a phone number in E.164, exactly as `identifiers.parse_phone` would. Raises InvalidIdentifier."""
    return _to_e164_fast(text.translate(PUNCTUATION), country) or identifiers.parse_phone(text, country=country).value


def _to_e164_fast(digits: str, country: str) -> str:
    """Return the number in E.164 if its length makes it certain, else an empty string."""
    if not (digits.isascii() and DIGITS.fullmatch(digits)):
        return ""
    if digits[0] == "+":
        return _parse_international_number(digits[1:])
    code, rules = _get_country_numbering_rules(country)
    national = digits[1:]
    if not rules or digits[0] != "0" or rules.prefix != "0" or national[0] == "0":
        return ""
    return f"+{code}{national}" if len(national) in rules.lengths else ""


def _parse_international_number(digits: str) -> str:
    for length in (1, 2, 3):
        if rules := _get_calling_code_rules(digits[:length]):
            national = digits[length:]
            is_plain = national[:1] not in ("", "0", rules.prefix)
            return f"+{digits}" if is_plain and len(national) in rules.lengths else ""
    return ""


@cache
def _get_calling_code_rules(code: str) -> NumberingRules | None:
    """Return the rules of a calling code; without lengths where the home prefix is more than one digit."""
    regions = COUNTRY_CODE_TO_REGION_CODE.get(int(code)) if code[:1] != "0" else None
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0]) if regions else None
    if metadata is None or not regions or metadata.general_desc is None:
        return None
    prefix = metadata.national_prefix_for_parsing or ""
    lengths = frozenset(metadata.general_desc.possible_length)
    simple = len(prefix) <= 1 and metadata.national_prefix_transform_rule is None
    return NumberingRules(lengths if simple else frozenset(), prefix)


@cache
def _get_country_numbering_rules(country: str) -> tuple[str, NumberingRules | None]:
    metadata = PhoneMetadata.metadata_for_region(country, None)
    if metadata is None or metadata.country_code is None:
        return "", None
    code = str(metadata.country_code)
    # Where countries share a code, a number may be possible in one and not in another.
    is_only_country = len(COUNTRY_CODE_TO_REGION_CODE[metadata.country_code]) == 1
    return code, _get_calling_code_rules(code) if is_only_country else None
