"""Tests that webhooks go to the public internet only, whatever is typed and whatever a name server says."""

from ipaddress import ip_address

import pytest

from tenants.webhooks.destinations import (
    MAX_ADDRESSES,
    InvalidDestination,
    RefusedAddress,
    is_public_address,
    parse_destination,
    resolve_destination,
)
from tests.fakes.fake_dns_server import FakeDnsServer


@pytest.fixture
def name_server(settings):
    settings.DEMO = False
    with FakeDnsServer() as server:
        settings.DNS_RESOLVER = server.address
        yield server


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/",
        "ftp://example.com/",
        "javascript:alert(1)",
        "https://",
        "https:///path",
        "https://user:word@example.com/",
        "https://@example.com/",
        "https://example.com/#part",
        "https://example.com:25/",
        "https://example.com:99999/",
        "https://example.com:x/",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: evil",
        "https://ex\u0430mple.com/",
        "https://127.0.0.1/",
        "https://127.1/",
        "https://2130706433/",
        "https://0x7f.0.0.1/",
        "https://0177.0.0.1/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::a00:1]/",
        "https://169.254.169.254/latest/meta-data/",
        "https://10.0.0.1/",
        "https://192.168.0.1:8443/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://localhost/",
        "https://example.com\\@evil.example/",
        "https://exam_ple..com/",
    ],
)
def test_a_url_that_leads_elsewhere_is_refused(url, settings, name_server):
    try:
        destination = parse_destination(url)
    except InvalidDestination:
        return
    with pytest.raises(RefusedAddress):
        resolve_destination(destination)


@pytest.mark.parametrize(
    ("url", "parts"),
    [
        ("https://example.com", ("example.com", 443, "/")),
        ("https://Hooks.Example.com:8443/a/b?c=d", ("hooks.example.com", 8443, "/a/b?c=d")),
        ("https://xn--bcher-kva.example/x", ("xn--bcher-kva.example", 443, "/x")),
        ("https://[2606:4700::1111]/", ("2606:4700::1111", 443, "/")),
    ],
)
def test_a_public_url_is_accepted(url, parts, settings):
    settings.DEMO = False
    destination = parse_destination(url)

    assert (destination.host, destination.port, destination.path) == parts


@pytest.mark.parametrize("url", ["http://localhost:9000/hook", "http://127.0.0.1:9000/hook", "http://[::1]:9000/"])
def test_the_demo_may_send_to_this_machine_without_encryption(url, settings):
    settings.DEMO = True
    assert resolve_destination(parse_destination(url)) in (["127.0.0.1"], ["::1"])
    settings.DEMO = False
    with pytest.raises(InvalidDestination):
        parse_destination(url)


def test_the_demo_sends_to_no_other_machine_without_encryption(settings):
    settings.DEMO = True
    for url in ("http://example.com/", "http://10.0.0.1/"):
        with pytest.raises(InvalidDestination):
            parse_destination(url)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "192.0.0.1",
        "224.0.0.1",
        "0.0.0.0",
        "192.0.0.192",
        "168.63.129.16",
    ],
)
def test_a_name_with_a_private_address_among_its_addresses_is_refused(address, name_server):
    name_server.set_record("hooks.example.com", "A", "93.184.215.14", address)

    with pytest.raises(RefusedAddress, match="private-address"):
        resolve_destination(parse_destination("https://hooks.example.com/"))


@pytest.mark.parametrize(
    "address",
    [
        "::1",
        "fe80::1",
        "fc00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "ff02::1",
        "::",
        "100::1",
        "fec0::1",
    ],
)
def test_no_odd_address_is_public(address, name_server):
    assert not is_public_address(ip_address(address))
    name_server.set_record("hooks.example.com", "AAAA", address)
    with pytest.raises(RefusedAddress):
        resolve_destination(parse_destination("https://hooks.example.com/"))


def test_a_name_with_a_public_address_is_resolved_to_it(name_server):
    name_server.set_record("hooks.example.com", "A", "93.184.215.14")

    assert resolve_destination(parse_destination("https://hooks.example.com/")) == ["93.184.215.14"]


def test_a_name_without_an_address_is_refused(name_server):
    with pytest.raises(RefusedAddress, match="unresolvable"):
        resolve_destination(parse_destination("https://nowhere.example.com/"))


def test_a_name_with_addresses_of_both_kinds_is_reached_by_ipv4_first(name_server):
    name_server.set_record("hooks.example.com", "A", "34.117.59.81")
    name_server.set_record("hooks.example.com", "AAAA", "2606:4700::1111")

    assert resolve_destination(parse_destination("https://hooks.example.com/")) == ["34.117.59.81", "2606:4700::1111"]


def test_of_many_addresses_all_are_judged_and_four_are_tried(name_server):
    addresses = [f"34.117.59.{number}" for number in range(81, 91)]
    name_server.set_record("hooks.example.com", "A", *addresses)
    assert resolve_destination(parse_destination("https://hooks.example.com/")) == addresses[:MAX_ADDRESSES]
    name_server.set_record("hooks.example.com", "A", *addresses, "99.1.1.1", "127.0.0.1")

    with pytest.raises(RefusedAddress, match="private-address"):
        resolve_destination(parse_destination("https://hooks.example.com/"))
