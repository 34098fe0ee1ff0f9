"""T9, T17: no business gets a misleading slug, or one that was another's."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants import hostnames
from tenants.hostnames import SlugRejected, change_slug, validate_slug
from tenants.models import PortalHostname
from tenants.provisioning import create_business
from tests.attacks.concurrent_tasks import run_concurrently

MISLEADING_SLUGS = [
    "admin",
    "www",
    "mail",
    "hooks",
    "localhost",
    "pg_x",
    "pg_catalog",
    "xn--a",
    "xn--80ak6aa92e",
    "ab--cd",
    "a','b",
    "a; DROP SCHEMA public",
    "a" * 64,
    "ab",
    "",
    "-abc",
    "abc-",
    "a.b",
    "a b",
    "abc\n",
    "abc\x00",
    "аcme",  # Cyrillic а
    "acmé",
    "ACME",
    "Acme",
    "acme",
    "ｇｌｏｂｅｘ",
    "../acme",
    "%61cme",
    "_acme-challenge",
    "acme.",
    "１２３",
]


@pytest.mark.parametrize("slug", [slug for slug in MISLEADING_SLUGS if slug != "acme"])
def test_a_slug_that_misleads_is_refused(slug):
    with pytest.raises(SlugRejected):
        validate_slug(slug)


@pytest.mark.parametrize("slug", MISLEADING_SLUGS)
def test_no_business_can_change_to_a_misleading_or_taken_slug(globex, slug):
    with pytest.raises(SlugRejected):
        change_slug(business=globex, slug=slug, now=timezone.now())

    assert hostnames.get_portal_host(globex) == "globex.localhost"


@pytest.mark.parametrize("slug", MISLEADING_SLUGS)
def test_no_business_can_be_created_with_a_misleading_or_taken_slug(acme, slug):
    before = PortalHostname.objects.count()
    with pytest.raises(SlugRejected), transaction.atomic():
        create_business(name="Evil", slug=slug, owner_email="e@example.com", now=timezone.now())

    assert PortalHostname.objects.count() == before


@pytest.mark.parametrize("slug", ["ACME", "pg_x", "-abc", "a", "a" * 64, "abc\n", "acmé", "a.b"])
def test_the_database_refuses_an_invalid_slug(globex, slug):
    from django.db import DataError

    with pytest.raises((IntegrityError, DataError)), transaction.atomic():
        PortalHostname.objects.create(business=globex, slug=slug, is_current=False)


def test_a_former_slug_is_never_given_to_another_business(acme, globex):
    change_slug(business=acme, slug="acme-new", now=timezone.now())

    with pytest.raises(SlugRejected):
        change_slug(business=globex, slug="acme", now=timezone.now() + timedelta(days=3650))
    with pytest.raises(IntegrityError), transaction.atomic():
        PortalHostname.objects.create(business=globex, slug="acme")
    with pytest.raises(SlugRejected), transaction.atomic():
        create_business(name="Evil", slug="acme", owner_email="e@example.com", now=timezone.now())


def test_a_business_may_take_its_own_former_slug_again(acme):
    change_slug(business=acme, slug="acme-new", now=timezone.now())

    change_slug(business=acme, slug="acme", now=timezone.now())

    assert hostnames.get_portal_host(acme) == "acme.localhost"


def test_of_two_businesses_that_claim_a_slug_concurrently_one_gets_it(committed_db, acme, globex):
    def claim_slug(business):
        try:
            change_slug(business=business, slug="wanted", now=timezone.now())
        except SlugRejected:
            return "refused"
        return "moved"

    assert sorted(run_concurrently(claim_slug, [acme, globex])) == ["moved", "refused"]
    assert PortalHostname.objects.filter(slug="wanted").count() == 1
    for business in (acme, globex):
        assert business.hostnames.filter(is_current=True).count() == 1


def test_a_rejection_does_not_reveal_whose_a_slug_is(acme, globex):
    change_slug(business=acme, slug="acme-new", now=timezone.now())
    words = set()
    for slug in ("acme", "acme-new"):
        with pytest.raises(SlugRejected) as refused:
            change_slug(business=globex, slug=slug, now=timezone.now())
        words.add(str(refused.value))

    assert len(words) == 1


# --- Own domains, as far as they exist ------------------------------------------


def test_an_unverified_domain_is_not_served(acme, client):
    acme.hostnames.create(domain="portal.acme.example", is_current=True, verified_at=None)

    assert client.get("/sign-in/", headers={"host": "portal.acme.example"}).status_code == 404


def test_a_verified_domain_is_served(acme, client):
    acme.hostnames.create(domain="portal.acme.example", is_current=True, verified_at=timezone.now())

    assert client.get("/sign-in/", headers={"host": "Portal.Acme.Example."}).status_code == 200


def test_a_domain_below_the_portal_domain_is_not_served(acme, globex, client):
    globex.hostnames.create(domain="free.localhost", is_current=True, verified_at=timezone.now())

    assert client.get("/sign-in/", headers={"host": "free.localhost"}).status_code == 404


def test_a_verified_domain_can_not_be_claimed_by_another_business(acme, globex):
    acme.hostnames.create(domain="portal.acme.example", is_current=False, verified_at=timezone.now())

    with pytest.raises(IntegrityError), transaction.atomic():
        globex.hostnames.create(domain="portal.acme.example", is_current=True, verified_at=timezone.now())
