"""Is each state of a domain told by what was really found, and what has to be done?"""

import pytest
from django.test import Client

from tenants import hostnames
from tenants.domains import custom_domains, probe
from tenants.domains.custom_domains import InvalidDomain, clean_domain
from tenants.models import CustomDomain, Hostname
from tests.tenants.domains.conftest import DOMAIN, HERE


def status_at(host: str, path: str = "/sign-in/") -> int:
    return Client(headers={"host": host}).get(path).status_code


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("portal.acme.example", "portal.acme.example"),
        (" HTTPS://Portal.Acme.example/sign-in/ ", "portal.acme.example"),
        ("acme.example.", "acme.example"),
        ("praxis-müller.example", "xn--praxis-mller-klb.example"),
    ],
)
def test_a_domain_is_taken_as_people_write_it(typed, expected):
    assert clean_domain(typed) == expected


@pytest.mark.parametrize(
    "typed",
    ["", "acme", "localhost", "127.0.0.1", "[::1]", "acme.localhost", "a b.example", "a_b.example", "-a.example",
     "acme..example", "acme.example:8000", "*.acme.example", "a" * 64 + ".example", ("a" * 60 + ".") * 4 + "example",
     "<script>.example", "a.1"],
)  # fmt: skip
def test_what_is_no_domain_or_ours_is_refused(typed):
    with pytest.raises(InvalidDomain):
        clean_domain(typed)


def test_the_same_domain_is_claimed_once_and_no_more_than_five_in_all(acme, custom_domain, now):
    with pytest.raises(InvalidDomain):
        custom_domains.add(business=acme, domain=DOMAIN, now=now)
    for number in range(4):
        custom_domains.add(business=acme, domain=f"{number}.acme.example", now=now)
    with pytest.raises(InvalidDomain):
        custom_domains.add(business=acme, domain="6.acme.example", now=now)


def test_without_the_record_nothing_is_proven_and_what_was_found_is_kept(custom_domain, names, verify):
    names.set_record(custom_domain.txt_name, "TXT", '"something else"', '"v=spf1 -all"')

    custom_domain = verify(custom_domain)

    assert custom_domain.verified_at is None
    assert sorted(custom_domain.check_result["txt"]) == ["something else", "v=spf1 -all"]
    assert status_at(DOMAIN) == 404


def test_a_record_that_is_missing_is_no_trouble(custom_domain, verify):
    custom_domain = verify(custom_domain)

    assert (custom_domain.verified_at, custom_domain.check_result) == (None, {"txt": []})


def test_a_name_server_that_is_away_says_nothing_of_the_record(custom_domain, names, verify):
    names.returns_servfail = True

    custom_domain = verify(custom_domain)

    assert custom_domain.check_result == {"problem": "no-answer"}
    assert custom_domain.checked_at


def test_a_name_server_that_keeps_silent_is_not_waited_for_long(custom_domain, names, verify, monkeypatch):
    monkeypatch.setattr("tenants.domains.dns_lookups.TIMEOUT_SECONDS", 0.2)
    names.drops_queries = True

    assert verify(custom_domain).check_result == {"problem": "no-answer"}


def test_a_proven_domain_is_served_and_the_platform_s_address_stays(acme, verified_domain):
    assert verified_domain.verified_at
    assert status_at(DOMAIN) == 200
    assert status_at("acme.localhost") == 200
    assert hostnames.portal_host(acme) == "acme.localhost"


def test_a_proof_in_several_pieces_is_put_together(custom_domain, names, verify):
    half = len(custom_domain.txt_value) // 2
    names.set_record(
        custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value[:half]}" "{custom_domain.txt_value[half:]}"'
    )

    assert verify(custom_domain).verified_at


def test_a_domain_that_points_elsewhere_waits_and_is_never_called(verified_domain, names, verify, answering):
    server = answering()
    names.set_record(DOMAIN, "A", "192.0.2.7")

    custom_domain = verify(verified_domain)

    assert custom_domain.dns_ready_at is None
    assert (custom_domain.check_result["addresses"], custom_domain.check_result["our_addresses"]) == (
        ["192.0.2.7"],
        [HERE],
    )
    assert server.log == []


@pytest.mark.parametrize(("kind", "where"), [("A", HERE), ("CNAME", "localhost")])
def test_a_domain_that_points_here_and_answers_with_a_good_certificate_is_live(
    verified_domain, names, verify, answering, kind, where
):
    answering()
    names.set_record(DOMAIN, kind, where)

    custom_domain = verify(verified_domain)

    assert custom_domain.check_result["https"] == "ok"
    assert custom_domain.dns_ready_at
    assert custom_domain.live_at


@pytest.mark.parametrize(
    ("name", "says", "outcome"),
    [("other.example", None, "invalid-certificate"), (DOMAIN, "hello", "wrong-server"), (DOMAIN, "", "wrong-server")],
)
def test_what_is_wrong_behind_a_domain_is_told(verified_domain, names, verify, answering, name, says, outcome):
    answering(name, says=says)
    names.set_record(DOMAIN, "A", HERE)

    custom_domain = verify(verified_domain)

    assert (custom_domain.check_result["https"], custom_domain.live_at) == (outcome, None)


def test_nobody_behind_a_domain_is_told(verified_domain, names, verify, answering):
    answering().stop()
    names.set_record(DOMAIN, "A", HERE)

    assert verify(verified_domain).check_result["https"] == "no-response"


def test_a_redirect_is_followed_nowhere(verified_domain, names, verify, answering):
    server = answering()
    server.clear()
    server.expect_request(probe.PATH).respond_with_data("", status=302, headers={"Location": "https://127.0.0.1/x"})
    names.set_record(DOMAIN, "A", HERE)

    assert verify(verified_domain).check_result["https"] == "wrong-server"
    assert len(server.log) == 1


def test_our_portal_shows_its_sign_of_life_under_the_domain(verified_domain):
    answer = Client(headers={"host": DOMAIN}).get(probe.PATH)

    assert answer.content.decode() == probe.health_token(DOMAIN)


def test_a_domain_that_moved_away_is_not_live_any_more_but_stays_proven(verified_domain, names, verify, answering):
    answering()
    names.set_record(DOMAIN, "A", HERE)
    custom_domain = verify(verified_domain)
    names.set_record(DOMAIN, "A", "192.0.2.7")

    custom_domain = verify(custom_domain)

    assert (custom_domain.dns_ready_at, custom_domain.live_at) == (None, None)
    assert custom_domain.verified_at


def test_the_domains_of_two_clicks_at_once_are_one_address(verified_domain, verify):
    verify(CustomDomain.objects.get(pk=verified_domain.pk))

    assert Hostname.objects.filter(domain=DOMAIN).count() == 1
