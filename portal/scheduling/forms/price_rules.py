"""The prices and deposits that staff type, in minor units of a currency."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from portal.scheduling.models import DepositKind
from portal.ui.money import InvalidAmount, format_amount_for_input, parse_amount
from tenants.text_cleaning import to_ascii_digits

# An amount that shows how many decimals a currency has.
EXAMPLE_AMOUNTS = {0: 5000, 1: 450, 2: 4500, 3: 45000}
MAX_PER_CENT = 100


def parse_price(typed: str, currency: str) -> int | None:
    """Return a price, or None where none was typed. Raises ValidationError."""
    if not typed:
        return None
    try:
        return parse_amount(typed, currency)
    except InvalidAmount as error:
        example = format_example_amount(currency)
        raise ValidationError(
            _("Enter an amount of zero or more, such as %(example)s.") % {"example": example}
        ) from error


def format_example_amount(currency: str) -> str:
    """Return an amount as it can be typed, with the currency's number of decimals."""
    decimals = len(format_amount_for_input(0, currency).partition(".")[2])
    return format_amount_for_input(EXAMPLE_AMOUNTS.get(decimals, 45), currency)


def parse_deposit(typed: str, kind: DepositKind, price: int | None, currency: str) -> int:
    """Return a deposit's amount or percentage, or 0 where its kind needs none. Raises ValidationError."""
    if kind == DepositKind.NONE:
        return 0
    if not price:
        raise ValidationError(_("A deposit needs a price."))
    if kind == DepositKind.FULL:
        return 0
    return _parse_per_cent(typed) if kind == DepositKind.PERCENT else _parse_deposit_amount(typed, price, currency)


def _parse_per_cent(typed: str) -> int:
    digits = to_ascii_digits(typed).rstrip("% ")
    if not digits.isdecimal() or not 1 <= int(digits[:9]) <= MAX_PER_CENT:
        raise ValidationError(_("Enter a whole number from 1 to 100."))
    return int(digits)


def _parse_deposit_amount(typed: str, price: int, currency: str) -> int:
    amount = parse_price(typed, currency)
    if not amount:
        raise ValidationError(_("Enter the amount of the deposit."))
    if amount > price:
        raise ValidationError(_("The deposit can’t be more than the price."))
    return amount
