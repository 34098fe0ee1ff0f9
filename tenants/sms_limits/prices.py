"""What a text costs: Twilio's list price of one segment by country, in US cents, rounded up.

From Twilio's public price list (assets.cdn.prod.twilio.com/pricing-csv/SMSPricing.csv) as of 8 October 2026, the
dearest network of each country. The United States and Canada include a surcharge of the networks of half a cent.
"""

PRICES = {
    "AT": 10,
    "AU": 6,
    "CA": 2,
    "CH": 8,
    "CY": 9,
    "CZ": 8,
    "DE": 12,
    "DK": 6,
    "EE": 10,
    "ES": 9,
    "FI": 9,
    "FR": 8,
    "GB": 6,
    "GG": 6,
    "GR": 7,
    "HU": 10,
    "IE": 8,
    "IS": 8,
    "IT": 10,
    "JE": 6,
    "LI": 4,
    "LT": 6,
    "LU": 9,
    "LV": 9,
    "MT": 7,
    "NO": 7,
    "PL": 5,
    "PT": 6,
    "RO": 8,
    "SE": 7,
    "SK": 9,
    "US": 2,
    # Countries that texts are often pumped to.
    "LB": 37,
    "NG": 39,
    "PH": 25,
}
# Those of the default countries that are missing there are taken to be as dear as the dearest European one.
PRICES |= dict.fromkeys(("BE", "BG", "HR", "IM", "NL", "NZ", "SI"), 12)
# More than any price that is listed above.
DEFAULT_PRICE = 40


def get_price(country: str, *, segments: int) -> int:
    """Return what a text of so many segments costs, in US cents; a country that is not listed is a dear one."""
    return PRICES.get(country, DEFAULT_PRICE) * segments
