"""Authenticators that send certificates, ids and keys that are no good get the answer of any that can't be added."""

from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from portal.passkeys.models import MAX_CREDENTIAL_ID_LENGTH, MAX_PUBLIC_KEY_LENGTH, Passkey
from tenants.context import use_business
from tests.portal.passkeys.passkey_steps import add_passkey

VERSION_3, VERSION_6 = b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05"
# The identifiers of the curve P-256 and of one that no library here knows.
P_256, UNKNOWN_CURVE = (b"\x06\x08\x2a\x86\x48\xce\x3d\x03\x01" + bytes([last]) for last in (7, 6))


def build_certificate(now) -> bytes:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def is_refused(business, answer) -> bool:
    with use_business(business):
        return answer.status_code == 422 and not Passkey.objects.exists()


@pytest.mark.parametrize(("right", "odd"), [(VERSION_3, VERSION_6), (P_256, UNKNOWN_CURVE)])
def test_an_odd_certificate_is_refused(acme, signed_in_browser, authenticator, now, right, odd):
    certificate = build_certificate(now)
    assert certificate.count(right) == 1
    authenticator.certificate = certificate.replace(right, odd)

    assert is_refused(acme, add_passkey(signed_in_browser, authenticator))


def test_an_id_may_be_as_long_as_webauthn_lets_it_be(acme, signed_in_browser, authenticator):
    authenticator.id_length = MAX_CREDENTIAL_ID_LENGTH + 1
    assert is_refused(acme, add_passkey(signed_in_browser, authenticator))
    authenticator.id_length = 4000
    assert is_refused(acme, add_passkey(signed_in_browser, authenticator))
    authenticator.id_length = MAX_CREDENTIAL_ID_LENGTH

    assert add_passkey(signed_in_browser, authenticator).status_code == 302


def test_a_public_key_that_is_too_long_is_refused(acme, signed_in_browser, authenticator):
    authenticator.more_of_key = {-100: bytes(MAX_PUBLIC_KEY_LENGTH)}

    assert is_refused(acme, add_passkey(signed_in_browser, authenticator))
