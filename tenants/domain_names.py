"""Domain names with other letters as name servers and mail servers know them: IDNA 2008, mapped by UTS 46.

So do browsers. Python's own codec knows IDNA 2003, for which straße.de is strasse.de, somebody else's domain.
"""

from contextlib import suppress

import idna

ENCODED_PREFIX = "xn--"


class InvalidDomainName(ValueError):
    """The text is no domain name: it has letters or signs that none may have."""


def encode_domain(domain: str) -> str:
    """Return a domain in ASCII and lower case: `Straße.de` is `xn--strae-oqa.de`. Raises InvalidDomainName.

    A domain that has neither other letters nor labels that are encoded already is returned whatever else it holds.
    """
    if domain.isascii() and ENCODED_PREFIX not in domain.lower():
        return domain.lower()
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise InvalidDomainName(domain) from error


def decode_domain(domain: str) -> str:
    """Return a domain as people write it. Labels that can't be registered, such as emoji, are decoded as well."""
    return ".".join(_decode_label(label) for label in domain.split("."))


def encode_address(email: str) -> str:
    """Return an email address with its domain in ASCII. Raises InvalidDomainName."""
    local, at, domain = email.rpartition("@")
    # Labels that are encoded already are left as they are: a mailbox may exist where a domain can't be registered now.
    return email if domain.isascii() else f"{local}{at}{encode_domain(domain)}"


def _decode_label(label: str) -> str:
    if label.lower().startswith(ENCODED_PREFIX):
        with suppress(UnicodeError):
            return label[len(ENCODED_PREFIX) :].encode().decode("punycode")
    return label
