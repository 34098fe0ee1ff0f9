"""Tests of which addresses are one mailbox."""

import pytest

from tenants.recipient_digests import find_mailbox


@pytest.mark.parametrize(
    ("address", "mailbox"),
    [
        ("ana@example.com", "ana@example.com"),
        ("Ana+news@Example.com", "ana@example.com"),
        ("a.n.a+x+y@gmail.com", "ana@gmail.com"),
        ("a.n.a@googlemail.com", "ana@googlemail.com"),
        ("a.n.a@example.com", "a.n.a@example.com"),
        ("+ana@example.com", "+ana@example.com"),
        ("+447700900101", "+447700900101"),
        ("", ""),
    ],
)
def test_tags_and_the_dots_of_some_providers_do_not_make_another_mailbox(address, mailbox):
    assert find_mailbox(address) == mailbox
