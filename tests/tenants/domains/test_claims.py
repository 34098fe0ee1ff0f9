"""Is each state of a domain told by what was really found, and what has to be done?"""

import pytest
from django.test import Client

from tenants import hostnames
from tenants.domains import claims, probe
from tenants.domains.claims import DomainRefused, check_domain
from tenants.models import DomainClaim, Hostname
from tests.tenants.domains.conftest import DOMAIN, HERE


def status_at(host: str, path: str = "/sign-in/") -> int:
    return Client(headers={"host": host}).get(path).status_code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("portal.acme.example", "portal.acme.example"),
        (" HTTPS://Portal.Acme.example/sign-in/ ", "portal.acme.example"),
        ("acme.example.", "acme.example"),
        ("praxis-müller.example", "xn--praxis-mller-klb.example"),
    ],
)
def test_a_domain_is_taken_as_people_write_it(typed, kept):
    assert check_domain(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "acme", "localhost", "127.0.0.1", "[::1]", "acme.localhost", "a b.example", "a_b.example", "-a.example",
     "acme..example", "acme.example:8000", "*.acme.example", "a" * 64 + ".example", ("a" * 60 + ".") * 4 + "example",
     "<script>.example", "a.1"],
)  # fmt: skip
def test_what_is_no_domain_or_ours_is_refused(typed):
    with pytest.raises(DomainRefused):
        check_domain(typed)


def test_the_same_domain_is_claimed_once_and_no_more_than_five_in_all(acme, claim, now):
    with pytest.raises(DomainRefused):
        claims.claim(business=acme, domain=DOMAIN, now=now)
    for number in range(4):
        claims.claim(business=acme, domain=f"{number}.acme.example", now=now)
    with pytest.raises(DomainRefused):
        claims.claim(business=acme, domain="6.acme.example", now=now)


def test_without_the_record_nothing_is_proven_and_what_was_found_is_kept(claim, names, look):
    names.say(claim.record, "TXT", '"something else"', '"v=spf1 -all"')

    claim = look(claim)

    assert claim.proven_at is None
    assert sorted(claim.found["txt"]) == ["something else", "v=spf1 -all"]
    assert status_at(DOMAIN) == 404


def test_a_record_that_is_missing_is_no_trouble(claim, look):
    claim = look(claim)

    assert (claim.proven_at, claim.found) == (None, {"txt": []})


def test_a_name_server_that_is_away_says_nothing_of_the_record(claim, names, look):
    names.is_broken = True

    claim = look(claim)

    assert claim.found == {"trouble": "no-answer"}
    assert claim.checked_at


def test_a_name_server_that_keeps_silent_is_not_waited_for_long(claim, names, look, monkeypatch):
    monkeypatch.setattr("tenants.domains.lookups.TIMEOUT_SECONDS", 0.2)
    names.is_mute = True

    assert look(claim).found == {"trouble": "no-answer"}


def test_a_proven_domain_is_served_and_the_platform_s_address_stays(acme, proven):
    assert proven.proven_at
    assert status_at(DOMAIN) == 200
    assert status_at("acme.localhost") == 200
    assert hostnames.portal_host(acme) == "acme.localhost"


def test_a_proof_in_several_pieces_is_put_together(claim, names, look):
    half = len(claim.expected) // 2
    names.say(claim.record, "TXT", f'"{claim.expected[:half]}" "{claim.expected[half:]}"')

    assert look(claim).proven_at


def test_a_domain_that_points_elsewhere_waits_and_is_never_called(proven, names, look, answering):
    server = answering()
    names.say(DOMAIN, "A", "192.0.2.7")

    claim = look(proven)

    assert claim.pointed_at is None
    assert (claim.found["addresses"], claim.found["ours"]) == (["192.0.2.7"], [HERE])
    assert server.log == []


@pytest.mark.parametrize(("kind", "where"), [("A", HERE), ("CNAME", "localhost")])
def test_a_domain_that_points_here_and_answers_with_a_good_certificate_is_live(
    proven, names, look, answering, kind, where
):
    answering()
    names.say(DOMAIN, kind, where)

    claim = look(proven)

    assert claim.found["https"] == "ours"
    assert claim.pointed_at
    assert claim.live_at


@pytest.mark.parametrize(
    ("name", "says", "told"),
    [("other.example", None, "certificate"), (DOMAIN, "hello", "stranger"), (DOMAIN, "", "stranger")],
)
def test_what_is_wrong_behind_a_domain_is_told(proven, names, look, answering, name, says, told):
    answering(name, says=says)
    names.say(DOMAIN, "A", HERE)

    claim = look(proven)

    assert (claim.found["https"], claim.live_at) == (told, None)


def test_nobody_behind_a_domain_is_told(proven, names, look, answering):
    answering().stop()
    names.say(DOMAIN, "A", HERE)

    assert look(proven).found["https"] == "silent"


def test_a_redirect_is_followed_nowhere(proven, names, look, answering):
    server = answering()
    server.clear()
    server.expect_request(probe.PATH).respond_with_data("", status=302, headers={"Location": "https://127.0.0.1/x"})
    names.say(DOMAIN, "A", HERE)

    assert look(proven).found["https"] == "stranger"
    assert len(server.log) == 1


def test_our_portal_shows_its_sign_of_life_under_the_domain(proven):
    answer = Client(headers={"host": DOMAIN}).get(probe.PATH)

    assert answer.content.decode() == probe.sign_of_life(DOMAIN)


def test_a_domain_that_moved_away_is_not_live_any_more_but_stays_proven(proven, names, look, answering):
    answering()
    names.say(DOMAIN, "A", HERE)
    claim = look(proven)
    names.say(DOMAIN, "A", "192.0.2.7")

    claim = look(claim)

    assert (claim.pointed_at, claim.live_at) == (None, None)
    assert claim.proven_at


def test_the_domains_of_two_clicks_at_once_are_one_address(proven, look):
    look(DomainClaim.objects.get(pk=proven.pk))

    assert Hostname.objects.filter(domain=DOMAIN).count() == 1
