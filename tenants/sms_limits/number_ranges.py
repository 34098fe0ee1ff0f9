"""The country of a phone number, and the range that it is in.

Networks give numbers out in blocks of ten thousand, and whoever is paid for texts has a block, not single numbers.
"""

import phonenumbers

# The digits at the end that tell the numbers of one block apart.
BLOCK_DIGITS = 4


def get_country(number: str) -> str:
    """Return the country of an E.164 number, or an empty string for a number of no country."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    shared = phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    country = phonenumbers.region_code_for_number(parsed) or shared
    # Satellite phones and international services have the code 001.
    return country if country.isalpha() else ""


def get_number_range(number: str) -> str:
    """Return an E.164 number without the digits that tell the numbers of one block apart."""
    return number[:-BLOCK_DIGITS]
