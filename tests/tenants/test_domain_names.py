"""Domain names are encoded as browsers and mail servers encode them, so that none becomes somebody else's."""

import pytest

from tenants.domain_names import InvalidDomainName, decode_domain, encode_address, encode_domain


@pytest.mark.parametrize(
    ("domain", "encoded"),
    [
        ("Example.COM", "example.com"),
        ("straße.de", "xn--strae-oqa.de"),
        ("STRASSE.de", "strasse.de"),
        ("ＭÜLLER.de", "xn--mller-kva.de"),
        ("mu\N{COMBINING DIAERESIS}ller.de", "xn--mller-kva.de"),
        ("xn--STRAE-oqa.de", "xn--strae-oqa.de"),
        ("r3---sn.example", "r3---sn.example"),
        ("p\N{CYRILLIC SMALL LETTER A}ypal.com", "xn--pypal-4ve.com"),
    ],
)
def test_a_domain_is_encoded_without_becoming_another(domain, encoded):
    assert encode_domain(domain) == encoded
    assert encode_domain(decode_domain(encoded)) == encoded


@pytest.mark.parametrize(
    "domain", ["☕.example", "xn--53h.example", "xn--a.example", "xn--straße.de", "ü..de", "ü_.de", f"{'ü' * 64}.de"]
)
def test_what_nobody_can_register_is_rejected(domain):
    with pytest.raises(InvalidDomainName):
        encode_domain(domain)


@pytest.mark.parametrize(
    ("encoded", "written"),
    [
        ("xn--strae-oqa.de", "straße.de"),
        ("xn--ls8h.la", "💩.la"),
        ("xn--99999.de", "xn--99999.de"),
        ("example.de", "example.de"),
    ],
)
def test_a_domain_is_decoded_as_people_write_it(encoded, written):
    assert decode_domain(encoded) == written


@pytest.mark.parametrize(
    ("email", "encoded"),
    [("Sam@Straße.de", "Sam@xn--strae-oqa.de"), ("sam@Example.com", "sam@Example.com"), ("a@xn--a.de", "a@xn--a.de")],
)
def test_an_address_keeps_its_mailbox_and_a_domain_in_ascii(email, encoded):
    assert encode_address(email) == encoded
