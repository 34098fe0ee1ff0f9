"""What people type, paste and copy into the sign-in page finds their card, or is answered with a sentence."""

import pytest
from django.utils import timezone

from portal.access.models import Challenge
from tenants.context import use_business
from tests.factories import ClientFactory

ANA, CHI = "Ana Pereira", "Chi Okafor"
STRANGER, REFUSED = "stranger", "refused"
SPELLINGS = {
    "ana@example.com": ANA,
    "Ana@Example.COM": ANA,
    "  ana@example.com  ": ANA,
    "ana@example.com.": REFUSED,
    "ana@example.com,": REFUSED,
    "mailto:ana@example.com": ANA,
    "Ana <ana@example.com>": ANA,
    "ａｎａ＠example.com": ANA,
    "ana@example.com\u200b": ANA,
    "\u202aana@example.com\u202c": ANA,
    "ana@ex\N{CYRILLIC SMALL LETTER A}mple.com": STRANGER,
    "ana@exmaple.com": STRANGER,
    "a.na@example.com": STRANGER,
    "ana+x@example.com": STRANGER,
    "ana @example.com": REFUSED,
    "+447700900103": CHI,
    "+44 7700 900103": CHI,
    "+44 (0)7700 900103": CHI,
    "(+44) 7700-900-103": CHI,
    "tel:+447700900103": CHI,
    "+44 7700 900103 (mobile)": CHI,
    "+44 7700 900103 (Mum)": REFUSED,
    "\u2066+44 7700 900103\u2069": CHI,
    "‑‑+44‑7700‑900103": REFUSED,
    "447700900103": REFUSED,
    "'ana@example.com'": REFUSED,
    "ana@example.com ana@example.com": REFUSED,
    "a" * 250 + "@example.com": REFUSED,
    "ana@example.com\nBcc: x@example.org": REFUSED,
    "ana@example.com\r\nBcc: x@example.org": REFUSED,
    "Ana Prado": REFUSED,
    "": REFUSED,
    "👩@example.com": REFUSED,
    "ana@bücher.example": STRANGER,
    "xn--@example.com": STRANGER,
    "ana@xn--a.example": STRANGER,
}
GERMAN = {
    "0044 7700 900103": CHI,
    "٠٠٤٤٧٧٠٠٩٠٠١٠٣": CHI,
    "+٤٤ ٧٧٠٠ ٩٠٠١٠٣": CHI,
    "+४४७७००९००१०३": CHI,
    "07700 900103": STRANGER,
}
AMERICAN = {"011 44 7700 900103": CHI, "0044 7700 900103": REFUSED}


@pytest.fixture
def sign_in_result(acme, globex, portal_client):
    """Return a function that types a text at a business's sign-in page and returns whom it found."""

    def sign_in_result(business, typed):
        with use_business(business):
            ClientFactory(name=ANA, email="ana@example.com")
            ClientFactory(name=CHI, email=None, mobile="+447700900103")
        answer = portal_client(business).post("/sign-in/", {"identifier": typed})
        with use_business(business):
            challenge = Challenge.objects.select_related("client").filter(sent_at__0__lte=timezone.now()).last()
        assert answer.status_code == (302 if challenge else 422)
        if challenge is None:
            assert 'aria-invalid="true"' in answer.content.decode()
            return REFUSED
        return challenge.client.name if challenge.client else STRANGER

    return sign_in_result


@pytest.mark.parametrize(("typed", "found"), SPELLINGS.items())
@pytest.mark.parametrize("business", ["acme", "globex"])
def test_a_spelling_finds_its_card_in_any_country_or_is_refused(request, sign_in_result, business, typed, found):
    assert sign_in_result(request.getfixturevalue(business), typed) == found


@pytest.mark.parametrize(("typed", "found"), GERMAN.items())
def test_a_number_is_read_as_in_germany(acme, sign_in_result, typed, found):
    assert sign_in_result(acme, typed) == found


@pytest.mark.parametrize(("typed", "found"), AMERICAN.items())
def test_a_number_is_read_as_in_the_united_states(globex, sign_in_result, typed, found):
    assert sign_in_result(globex, typed) == found
