"""What did the business decide about its portal?"""

from django.db.models import Func, TextField, Value

from portal.profile.models import Profile

# Where a text costs no more than a few cents; a business narrows or widens it.
TEXTABLE = [
    "AT",
    "BE",
    "BG",
    "CH",
    "CY",
    "CZ",
    "DE",
    "DK",
    "EE",
    "ES",
    "FI",
    "FR",
    "GB",
    "GR",
    "HR",
    "HU",
    "IE",
    "IS",
    "IT",
    "LI",
    "LT",
    "LU",
    "LV",
    "MT",
    "NL",
    "NO",
    "PL",
    "PT",
    "RO",
    "SE",
    "SI",
    "SK",
    "US",
    "CA",
    "AU",
    "NZ",
]


def current() -> Profile:
    """Return the business's choices."""
    return Profile.objects.get()


def current_locking(key: int) -> Profile:
    """Return the business's choices and hold the advisory lock `key` until the transaction ends, in one statement."""
    lock = Func(Value(key), function="pg_advisory_xact_lock", output_field=TextField())
    return Profile.objects.annotate(lock=lock).get()


def sms_countries(profile: Profile) -> list[str]:
    """Return the countries a code may be texted to."""
    return profile.sms_countries or TEXTABLE
