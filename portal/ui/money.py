"""Amounts of money as people type and read them; inside, they are integers in the currency's minor unit."""

import re
from decimal import Decimal

from babel.numbers import format_currency, get_currency_precision
from django.utils import translation

from tenants.text_cleaning import clean_line, to_ascii_digits

# Far beyond any price, and far below what a column holds.
MAX_DIGITS = 12
SEPARATORS = re.compile(r"[.,]")
GROUPED = re.compile(r"\d{1,3}(?:[.,]\d{3})+")


class InvalidAmount(ValueError):
    """A text is no amount of a currency."""


def parse_amount(text: str, currency: str) -> int:
    """Return an amount, typed with a point or a comma, in the currency's minor unit. Raises InvalidAmount.

    The last separator is the decimal one, unless what follows are thousands: three digits of a currency without
    thousandths.
    """
    typed = re.sub(rf"[\s'’]|{re.escape(currency)}", "", to_ascii_digits(clean_line(text)), flags=re.IGNORECASE)
    if not re.fullmatch(r"\d[\d.,]*", typed):
        raise InvalidAmount
    whole, fraction = _split_fraction(typed, get_currency_precision(currency))
    if not whole or len(whole + fraction) > MAX_DIGITS:
        raise InvalidAmount
    return int(whole + fraction)


def format_amount(amount: int, currency: str) -> str:
    """Return an amount in the currency's minor unit as text, in the active language, such as €45.00."""
    return format_currency(_to_decimal(amount, currency), currency, locale=translation.to_locale(_get_language()))


def format_amount_for_input(amount: int, currency: str) -> str:
    """Return an amount as `parse_amount` reads it, without the currency, such as 45.00."""
    return f"{_to_decimal(amount, currency):f}"


def _split_fraction(typed: str, digits: int) -> tuple[str, str]:
    """Return the digits before the decimal separator, and those after it filled up to the currency's number."""
    whole, fraction = typed, ""
    last = max(typed.rfind("."), typed.rfind(","))
    if last >= 0 and (digits == 3 or len(typed) - last - 1 != 3):
        whole, fraction = typed[:last], typed[last + 1 :]
    if len(fraction) > digits or (SEPARATORS.search(whole) and not GROUPED.fullmatch(whole)):
        raise InvalidAmount
    return SEPARATORS.sub("", whole), fraction.ljust(digits, "0")


def _to_decimal(amount: int, currency: str) -> Decimal:
    return Decimal(amount).scaleb(-get_currency_precision(currency))


def _get_language() -> str:
    return translation.get_language() or "en"
