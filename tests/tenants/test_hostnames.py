"""Tests of host resolution, its cache, slug validation and former hostnames."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from portal.branding.models import PortalSettings
from tenants import hostnames
from tenants.context import get_current_business, use_business
from tenants.hostnames import SlugRejected, change_slug, resolve_host, validate_slug
from tenants.models import Business, BusinessStatus, PortalHostname

NOW = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def open_browser_at(host: str) -> Client:
    return Client(headers={"host": host})


@pytest.mark.parametrize("slug", ["abc", "a-1", "acme-physiotherapy", "a" * 63, "123"])
def test_a_valid_slug_is_accepted(slug):
    assert validate_slug(slug) == slug


@pytest.mark.parametrize(
    "slug",
    [
        "ab",
        "a" * 64,
        "-abc",
        "abc-",
        "Abc",
        "a_b",
        "pg_x",
        "a b",
        "xn--a",
        "ab--c",
        "a','b",
        "ümlaut",
        "admin",
        "www",
        "sign-in",
        "",
    ],
)
def test_a_misleading_slug_is_rejected(slug):
    with pytest.raises(SlugRejected):
        validate_slug(slug)


def test_known_and_unknown_hosts_are_cached(acme, globex, django_assert_num_queries):
    for host in ("acme.localhost", "nobody.localhost", "nobody.example"):
        resolve_host(host)
    with django_assert_num_queries(0):
        assert resolve_host("acme.localhost").business == acme
        assert resolve_host("nobody.localhost") is None
        assert resolve_host("nobody.example") is None


def test_made_up_hosts_can_not_evict_real_ones(acme, django_assert_num_queries):
    resolve_host("acme.localhost")
    for number in range(50):
        resolve_host(f"made-up-{number}.localhost")
    with django_assert_num_queries(0):
        assert resolve_host("acme.localhost")


def test_a_malformed_host_takes_no_query(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        for host in ("", ".localhost", "a" * 300, "acme.localhost/", "acme..localhost;", "acme localhost"):
            assert resolve_host(host) is None


def test_the_same_slug_again_changes_nothing(acme):
    before = PortalHostname.objects.count()
    change_slug(business=acme, slug="acme", now=NOW)
    assert PortalHostname.objects.count() == before


def test_a_former_hostname_redirects_with_path_and_query(acme):
    change_slug(business=acme, slug="acme-physio", now=NOW)
    hostnames.invalidate_host_cache()

    answer = open_browser_at("acme.localhost").get("/sign-in/?again=1")

    moved_to = hostnames.build_absolute_url("acme-physio.localhost", "/sign-in/?again=1")
    assert (answer.status_code, answer.headers["Location"]) == (308, moved_to)
    assert open_browser_at("acme.localhost").head("/").status_code == 308
    assert open_browser_at("acme-physio.localhost").get("/sign-in/").status_code == 200


def test_a_form_sent_to_a_former_hostname_gets_the_new_one(acme):
    change_slug(business=acme, slug="acme-physio", now=NOW)
    hostnames.invalidate_host_cache()

    answer = open_browser_at("acme.localhost").post("/sign-in/", {"identifier": "ana@example.com"})

    assert answer.status_code == 410
    assert "acme-physio.localhost" in answer.content.decode()


def test_a_former_slug_is_never_given_to_another_business(acme, globex):
    change_slug(business=acme, slug="acme-physio", now=NOW)
    for slug in ("acme", "acme-physio"):
        with pytest.raises(SlugRejected):
            change_slug(business=globex, slug=slug, now=NOW)


def test_a_business_may_return_to_a_former_slug(acme):
    change_slug(business=acme, slug="acme-physio", now=NOW)
    change_slug(business=acme, slug="acme", now=NOW)
    hostnames.invalidate_host_cache()

    assert not resolve_host("acme.localhost").is_former
    assert resolve_host("acme-physio.localhost").is_former


def test_an_unverified_domain_is_not_served(acme):
    own = acme.hostnames.create(domain="portal.acme.example")
    assert open_browser_at("portal.acme.example").get("/sign-in/").status_code == 404

    PortalHostname.objects.filter(pk=own.pk).update(verified_at=NOW)
    hostnames.invalidate_host_cache()

    assert open_browser_at("portal.acme.example").get("/sign-in/").status_code == 200


@pytest.mark.parametrize(("status", "code"), [("suspended", 403), ("closed", 404)])
def test_a_suspended_or_closed_business_serves_no_portal(acme, status, code):
    Business.objects.filter(pk=acme.pk).update(status=status)
    hostnames.invalidate_host_cache()

    assert open_browser_at("acme.localhost").get("/sign-in/").status_code == code
    assert open_browser_at("acme.localhost").post("/sign-in/", {"identifier": "ana@example.com"}).status_code == code


def test_a_suspended_portal_says_so_and_how_to_reach_the_business(acme):
    with use_business(acme):
        PortalSettings.objects.update(contact_phone="+49 30 123456")
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.SUSPENDED)
    hostnames.invalidate_host_cache()

    page = open_browser_at("acme.localhost").get("/sign-in/", headers={"accept-language": "de"}).content.decode()

    assert "Dieses Portal ist zurzeit geschlossen" in page
    assert 'href="tel:+4930123456"' in page


def test_a_request_leaves_the_schema_it_entered(acme):
    open_browser_at("acme.localhost").get("/sign-in/")
    assert get_current_business() is None
