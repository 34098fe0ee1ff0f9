"""T17: a domain is served to whoever verifies it and to nobody else, before and after its release."""

import pytest
from django.test import Client

from tenants import hostnames
from tenants.domains import custom_domains
from tenants.domains.custom_domains import InvalidDomain
from tenants.models import Business
from tests.tenants.domains.conftest import DOMAIN, custom_domain, dns_server, verified_domain, verify_domain_as_staff

__all__ = ["custom_domain", "dns_server", "verified_domain", "verify_domain_as_staff"]


def business_name_at(host: str) -> str:
    page = Client(headers={"host": host}).get("/sign-in/").content.decode()
    return next((name for name in ("Acme Physiotherapy", "Globex Legal") if name in page), "nobody")


def request_certificate_status(browser: Client, domain: str) -> int:
    return browser.get("/domains/ask/", {"domain": domain}).status_code


@pytest.fixture
def released_domain(verified_domain, django_capture_on_commit_callbacks):
    """Acme's domain, given up, with Acme's proof still in the zone."""
    with django_capture_on_commit_callbacks(execute=True):
        custom_domains.release_domain(custom_domain=verified_domain)


def test_a_domain_that_points_here_without_proof_is_not_served(acme, custom_domain, dns_server, verify_domain_as_staff):
    dns_server.set_record(DOMAIN, "A", "127.0.0.1")
    verify_domain_as_staff(custom_domain)

    assert business_name_at(DOMAIN) == "nobody"


def test_the_txt_record_of_one_business_verifies_no_other_business(
    acme, globex, custom_domain, dns_server, verify_domain_as_staff, now
):
    dns_server.set_record(custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value}"')
    other_domain = verify_domain_as_staff(custom_domains.add_domain(business=globex, domain=DOMAIN, now=now))

    assert other_domain.verified_at is None
    assert business_name_at(DOMAIN) == "nobody"


def test_an_unverified_claim_does_not_block_the_owner_of_a_domain(
    acme, globex, dns_server, verify_domain_as_staff, now
):
    custom_domains.add_domain(business=globex, domain=DOMAIN, now=now)
    own = custom_domains.add_domain(business=acme, domain=DOMAIN, now=now)
    dns_server.set_record(own.txt_name, "TXT", f'"{own.txt_value}"')

    assert verify_domain_as_staff(own).verified_at
    assert business_name_at(DOMAIN) == "Acme Physiotherapy"


def test_a_domain_in_use_is_not_transferred_to_another_portal(
    acme, globex, verified_domain, dns_server, verify_domain_as_staff, now
):
    other_domain = custom_domains.add_domain(business=globex, domain=DOMAIN, now=now)
    dns_server.set_record(other_domain.txt_name, "TXT", f'"{verified_domain.txt_value}"', f'"{other_domain.txt_value}"')

    other_domain = verify_domain_as_staff(other_domain)

    assert (other_domain.verified_at, other_domain.check_result["problem"]) == (None, "taken")
    assert business_name_at(DOMAIN) == "Acme Physiotherapy"


def test_a_domain_that_changed_hands_goes_to_the_verified_business(
    acme, globex, verified_domain, dns_server, verify_domain_as_staff, platform_client, now
):
    other_domain = custom_domains.add_domain(business=globex, domain=DOMAIN, now=now)

    dns_server.set_record(other_domain.txt_name, "TXT", f'"{other_domain.txt_value}"')
    assert verify_domain_as_staff(other_domain).verified_at

    assert business_name_at(DOMAIN) == "Globex Legal"
    verified_domain.refresh_from_db()
    assert (verified_domain.verified_at, verified_domain.check_result) == (None, {"problem": "verified-elsewhere"})
    assert request_certificate_status(platform_client(), DOMAIN) == 200


def test_a_missing_txt_record_transfers_the_domain_to_nobody_unverified(
    acme, globex, verified_domain, dns_server, verify_domain_as_staff, now
):
    dns_server.set_record(verified_domain.txt_name, "TXT", '"v=spf1 -all"')

    other_domain = verify_domain_as_staff(custom_domains.add_domain(business=globex, domain=DOMAIN, now=now))

    assert other_domain.verified_at is None
    assert business_name_at(DOMAIN) == "Acme Physiotherapy"


def test_a_released_domain_is_not_served_any_more(acme, released_domain):
    assert business_name_at(DOMAIN) == "nobody"
    assert business_name_at("acme.localhost") == "Acme Physiotherapy"


def test_a_released_domain_must_be_verified_again_by_any_business(
    acme, globex, released_domain, dns_server, verify_domain_as_staff, now
):
    for business in (acme, globex):
        again = verify_domain_as_staff(custom_domains.add_domain(business=business, domain=DOMAIN, now=now))
        assert again.verified_at is None, business
    assert business_name_at(DOMAIN) == "nobody"


def test_certificates_are_allowed_for_verified_domains_only(
    acme, globex, custom_domain, dns_server, verify_domain_as_staff, platform_client, now
):
    browser = platform_client()
    assert request_certificate_status(browser, DOMAIN) == 404
    dns_server.set_record(custom_domain.txt_name, "TXT", f'"{custom_domain.txt_value}"')
    verify_domain_as_staff(custom_domain)

    assert request_certificate_status(browser, DOMAIN) == 200
    assert request_certificate_status(browser, DOMAIN.upper() + ".") == 200
    for other in ("", "x", f"www.{DOMAIN}", f"{DOMAIN}:443", "acme.localhost", "localhost", "evil.example", "a" * 5000):
        assert request_certificate_status(browser, other) == 404, other


def test_certificates_are_refused_for_a_closed_business(acme, verified_domain, platform_client):
    Business.objects.filter(pk=acme.pk).update(status="closed")
    hostnames.invalidate_host_cache()

    assert request_certificate_status(platform_client(), DOMAIN) == 404


def test_a_portal_has_no_certificate_check(acme, verified_domain, portal_client):
    assert request_certificate_status(portal_client(acme), DOMAIN) == 404


@pytest.mark.parametrize("path", ["", "check/", "release/"])
def test_domain_of_another_business_is_not_found(acme, globex, verified_domain, staff_client, path):
    browser = staff_client(business=globex)

    assert browser.post(f"/console/globex/portal/domain/{verified_domain.pk}/{path}").status_code == 404
    assert business_name_at(DOMAIN) == "Acme Physiotherapy"


@pytest.mark.parametrize(
    "suffix",
    [
        "co.uk",
        "CO.UK.",
        "https://co.uk/portal",
        "co。uk",
        "github.io",
        "blogspot.com",
        "compute.amazonaws.com",
        "公司.cn",
        "xn--55qx5d.cn",
        "個人.香港",
        "kobe.jp",
        "anything.kobe.jp",
    ],
)
def test_a_public_suffix_is_refused_as_a_custom_domain(acme, now, suffix):
    with pytest.raises(InvalidDomain, match="anybody can register"):
        custom_domains.add_domain(business=acme, domain=suffix, now=now)

    assert not acme.custom_domains.exists()


@pytest.mark.parametrize(
    "domain",
    [
        "acme.co.uk",
        "portal.acme.co.uk",
        "acme.github.io",
        "praxis.公司.cn",
        "city.kobe.jp",
        "amazonaws.com",
        "acme.com",
    ],
)
def test_a_domain_below_a_public_suffix_is_accepted(acme, now, domain):
    assert custom_domains.add_domain(business=acme, domain=domain, now=now).pk
