"""A custom domain is verified, probed and served step by step, and each result is stored."""

import pytest
from django.test import Client

from tenants import hostnames
from tenants.domains import custom_domains, https_probe
from tenants.domains.custom_domains import InvalidDomain, normalise_domain
from tenants.models import CustomDomain, PortalHostname
from tests.tenants.domains.conftest import DOMAIN, HERE


def request_status(host: str, path: str = "/sign-in/") -> int:
    return Client(headers={"host": host}).get(path).status_code


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("portal.acme.example", "portal.acme.example"),
        (" HTTPS://Portal.Acme.example/sign-in/ ", "portal.acme.example"),
        ("acme.example.", "acme.example"),
        ("praxis-müller.example", "xn--praxis-mller-klb.example"),
        ("PRAXIS-MÜLLER。example", "xn--praxis-mller-klb.example"),
        ("XN--PRAXIS-MLLER-KLB.example", "xn--praxis-mller-klb.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("ς.example", "xn--3xa.example"),
        ("نامه\N{ZERO WIDTH NON-JOINER}ای.example", "xn--mgba3gch31f060k.example"),
        ("p\N{CYRILLIC SMALL LETTER A}ypal.example", "xn--pypal-4ve.example"),
    ],
)
def test_a_domain_is_accepted_as_people_type_it(typed, expected):
    assert normalise_domain(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "acme", "localhost", "127.0.0.1", "[::1]", "acme.localhost", "a b.example", "a_b.example", "-a.example",
     "acme..example", "acme.example:8000", "*.acme.example", "a" * 64 + ".example", ("a" * 60 + ".") * 4 + "example",
     "<script>.example", "a.1", "☕.example", "xn--53h.example", "xn--a.example", "xn--straße.example",
     "a\N{ZERO WIDTH JOINER}b.example", "a\N{RIGHT-TO-LEFT OVERRIDE}b.example"],
)  # fmt: skip
def test_malformed_domains_and_our_own_are_rejected(typed):
    with pytest.raises(InvalidDomain):
        normalise_domain(typed)


def test_a_business_adds_a_domain_once_and_five_at_most(acme, custom_domain, now):
    with pytest.raises(InvalidDomain):
        custom_domains.add_domain(business=acme, domain=DOMAIN, now=now)
    for number in range(4):
        custom_domains.add_domain(business=acme, domain=f"{number}.acme.example", now=now)
    with pytest.raises(InvalidDomain):
        custom_domains.add_domain(business=acme, domain="6.acme.example", now=now)


def test_without_the_txt_record_a_domain_stays_unverified_and_the_result_is_stored(
    custom_domain, dns_server, verify_domain_as_staff
):
    dns_server.set_record(custom_domain.txt_name, "TXT", '"something else"', '"v=spf1 -all"')

    custom_domain = verify_domain_as_staff(custom_domain)

    assert custom_domain.verified_at is None
    assert sorted(custom_domain.check_result["txt"]) == ["something else", "v=spf1 -all"]
    assert request_status(DOMAIN) == 404


def test_a_missing_record_is_no_problem(custom_domain, verify_domain_as_staff):
    custom_domain = verify_domain_as_staff(custom_domain)

    assert (custom_domain.verified_at, custom_domain.check_result) == (None, {"txt": []})


def test_an_unavailable_name_server_is_reported_as_such(custom_domain, dns_server, verify_domain_as_staff):
    dns_server.returns_servfail = True

    custom_domain = verify_domain_as_staff(custom_domain)

    assert custom_domain.check_result == {"problem": "no-answer"}
    assert custom_domain.checked_at


def test_a_silent_name_server_times_out(custom_domain, dns_server, verify_domain_as_staff, monkeypatch):
    monkeypatch.setattr("tenants.domains.dns_lookups.TIMEOUT_SECONDS", 0.2)
    dns_server.drops_queries = True

    assert verify_domain_as_staff(custom_domain).check_result == {"problem": "no-answer"}


def test_a_verified_domain_is_served_beside_the_platform_hostname(acme, verified_domain):
    assert verified_domain.verified_at
    assert request_status(DOMAIN) == 200
    assert request_status("acme.localhost") == 200
    assert hostnames.get_portal_host(acme) == "acme.localhost"


def test_a_txt_record_in_several_strings_is_joined(custom_domain, dns_server, verify_domain_as_staff):
    half = len(custom_domain.txt_value) // 2
    dns_server.set_record(
        custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value[:half]}" "{custom_domain.txt_value[half:]}"'
    )

    assert verify_domain_as_staff(custom_domain).verified_at


def test_a_domain_that_points_elsewhere_waits_and_is_never_probed(
    verified_domain, dns_server, verify_domain_as_staff, start_domain_server
):
    server = start_domain_server()
    dns_server.set_record(DOMAIN, "A", "192.0.2.7")

    custom_domain = verify_domain_as_staff(verified_domain)

    assert custom_domain.dns_ready_at is None
    assert (custom_domain.check_result["addresses"], custom_domain.check_result["our_addresses"]) == (
        ["192.0.2.7"],
        [HERE],
    )
    assert server.log == []


@pytest.mark.parametrize(("kind", "where"), [("A", HERE), ("CNAME", "localhost")])
def test_a_domain_that_points_here_and_answers_with_a_good_certificate_is_live(
    verified_domain, dns_server, verify_domain_as_staff, start_domain_server, kind, where
):
    start_domain_server()
    dns_server.set_record(DOMAIN, kind, where)

    custom_domain = verify_domain_as_staff(verified_domain)

    assert custom_domain.check_result["https"] == "ok"
    assert custom_domain.dns_ready_at
    assert custom_domain.live_at


@pytest.mark.parametrize(
    ("name", "says", "outcome"),
    [("other.example", None, "invalid-certificate"), (DOMAIN, "hello", "wrong-server"), (DOMAIN, "", "wrong-server")],
)
def test_a_failed_probe_reports_the_reason(
    verified_domain, dns_server, verify_domain_as_staff, start_domain_server, name, says, outcome
):
    start_domain_server(name, says=says)
    dns_server.set_record(DOMAIN, "A", HERE)

    custom_domain = verify_domain_as_staff(verified_domain)

    assert (custom_domain.check_result["https"], custom_domain.live_at) == (outcome, None)


def test_a_server_that_is_down_is_reported(verified_domain, dns_server, verify_domain_as_staff, start_domain_server):
    start_domain_server().stop()
    dns_server.set_record(DOMAIN, "A", HERE)

    assert verify_domain_as_staff(verified_domain).check_result["https"] == "no-response"


def test_the_probe_follows_no_redirect(verified_domain, dns_server, verify_domain_as_staff, start_domain_server):
    server = start_domain_server()
    server.clear()
    server.expect_request(https_probe.PATH).respond_with_data(
        "", status=302, headers={"Location": "https://127.0.0.1/x"}
    )
    dns_server.set_record(DOMAIN, "A", HERE)

    assert verify_domain_as_staff(verified_domain).check_result["https"] == "wrong-server"
    assert len(server.log) == 1


def test_a_server_that_still_has_the_former_digest_key_is_recognised(
    verified_domain, dns_server, verify_domain_as_staff, start_domain_server, settings
):
    start_domain_server()
    dns_server.set_record(DOMAIN, "A", HERE)
    settings.DIGEST_KEYS = {"new": b"n" * 32} | settings.DIGEST_KEYS

    assert verify_domain_as_staff(verified_domain).check_result["https"] == "ok"


def test_a_portal_returns_its_probe_token_at_the_domain(verified_domain):
    answer = Client(headers={"host": DOMAIN}).get(https_probe.PATH)

    assert answer.content.decode() == https_probe.derive_probe_token(DOMAIN)


def test_a_domain_that_points_away_stays_verified_but_is_not_live(
    verified_domain, dns_server, verify_domain_as_staff, start_domain_server
):
    start_domain_server()
    dns_server.set_record(DOMAIN, "A", HERE)
    custom_domain = verify_domain_as_staff(verified_domain)
    dns_server.set_record(DOMAIN, "A", "192.0.2.7")

    custom_domain = verify_domain_as_staff(custom_domain)

    assert (custom_domain.dns_ready_at, custom_domain.live_at) == (None, None)
    assert custom_domain.verified_at


def test_two_concurrent_checks_create_one_hostname(verified_domain, verify_domain_as_staff):
    verify_domain_as_staff(CustomDomain.objects.get(pk=verified_domain.pk))

    assert PortalHostname.objects.filter(domain=DOMAIN).count() == 1
