"""Fast conversion of plainly written phone numbers to E.164.

`identifiers.parse_phone` is exact and slow. Numbers of digits alone, with a plus or their country's zero, are
looked for in the numbering plans here; all others are passed on to it.
"""

import re
from functools import cache
from typing import NamedTuple

from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata, PhoneNumberDesc

from portal.clients import identifiers

PLAIN = re.compile(r"\+?[0-9][0-9 -]*[0-9]")
MIN_DIGITS, MAX_DIGITS = 9, 15  # fewer may be a date
SEPARATORS = str.maketrans("", "", " -")
NUMBER_TYPES = (
    "mobile",
    "fixed_line",
    "toll_free",
    "premium_rate",
    "shared_cost",
    "voip",
    "personal_number",
    "pager",
    "uan",
    "voicemail",
)


class NumberingPlan(NamedTuple):
    """The numbers that exist below a calling code, by type, and the prefix they are dialled with at home."""

    code: str
    all_numbers: re.Pattern[str]
    types: tuple[tuple[tuple[int, ...], re.Pattern[str]], ...]
    prefix: str
    international_prefix: str

    def has_number(self, national: str) -> bool:
        """Return whether a national number exists, and is no longer than E.164 allows."""
        length = len(national)
        if length + len(self.code) > MAX_DIGITS or national[:1] in ("", "0", self.prefix):
            return False
        if not self.all_numbers.fullmatch(national):
            return False
        return any(
            (not lengths or length in lengths) and pattern.fullmatch(national) for lengths, pattern in self.types
        )


def to_e164(text: str, *, country: str) -> str:
    """Return a phone number in E.164, exactly as `identifiers.parse_phone` would. Raises InvalidIdentifier."""
    return _to_e164_fast(text, country) or identifiers.parse_phone(text, country=country).value


def _to_e164_fast(text: str, country: str) -> str:
    """Return the number in E.164 if its numbering plan has it, else an empty string."""
    if not PLAIN.fullmatch(text):
        return ""
    digits = text.translate(SEPARATORS)
    if len(digits) < MIN_DIGITS:
        return ""
    if digits[0] == "+":
        return _parse_international_number(digits[1:])
    plan = _get_plan_of_country(country)
    if not plan or digits[0] != "0" or plan.prefix != "0" or plan.international_prefix != "00":
        return ""
    return f"+{plan.code}{digits[1:]}" if plan.has_number(digits[1:]) else ""


def _parse_international_number(digits: str) -> str:
    for length in (1, 2, 3):
        if regions := COUNTRY_CODE_TO_REGION_CODE.get(int(digits[:length])) if digits[0] != "0" else None:
            plan = _get_plan_of_country(regions[0])
            return f"+{digits}" if plan and plan.has_number(digits[length:]) else ""
    return ""


@cache
def _get_plan_of_country(country: str) -> NumberingPlan | None:
    """Return a country's numbering plan, None where its numbers are written in more than one way.

    Where countries share a calling code, only the plan of the first says for certain that a number exists.
    """
    metadata = PhoneMetadata.metadata_for_region(country, None)
    if metadata is None or metadata.country_code is None or metadata.general_desc is None:
        return None
    is_first = COUNTRY_CODE_TO_REGION_CODE[metadata.country_code][0] == country
    prefix = metadata.national_prefix_for_parsing or ""
    if not is_first or metadata.leading_digits or len(prefix) > 1 or metadata.national_prefix_transform_rule:
        return None
    all_numbers = re.compile(metadata.general_desc.national_number_pattern or "")
    types = [desc for name in NUMBER_TYPES if (desc := getattr(metadata, name)) and desc.national_number_pattern]
    return NumberingPlan(
        str(metadata.country_code),
        all_numbers,
        tuple(map(_compile_type, types)),
        prefix,
        metadata.international_prefix or "",
    )


def _compile_type(desc: PhoneNumberDesc) -> tuple[tuple[int, ...], re.Pattern[str]]:
    return tuple(desc.possible_length), re.compile(desc.national_number_pattern or "")
