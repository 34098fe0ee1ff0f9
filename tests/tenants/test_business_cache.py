"""Tests that businesses are cached, and follow changes."""

import pytest

from tenants import hostnames
from tenants.business_cache import get_cached_business
from tenants.models import Business, BusinessStatus
from tests.captured_statements import capture_statements


@pytest.mark.django_db
def test_a_business_is_queried_once(acme):
    first = get_cached_business(acme.pk)
    with capture_statements() as captured:
        again = get_cached_business(acme.pk)

    assert captured.sent == []
    assert (again.business, again.slug) == (first.business, first.slug) == (acme, "acme")


@pytest.mark.django_db
def test_a_cached_business_never_has_a_former_slug(acme, now, django_capture_on_commit_callbacks):
    get_cached_business(acme.pk)
    with django_capture_on_commit_callbacks(execute=True):
        hostnames.change_slug(business=acme, slug="acme-physio", now=now)

    assert get_cached_business(acme.pk).slug == "acme-physio"


@pytest.mark.django_db
def test_a_change_shows_once_the_cache_is_cleared(acme):
    get_cached_business(acme.pk)
    Business.objects.filter(pk=acme.pk).update(status=BusinessStatus.CLOSED)
    hostnames.invalidate_host_cache()

    assert get_cached_business(acme.pk).business.status == BusinessStatus.CLOSED
