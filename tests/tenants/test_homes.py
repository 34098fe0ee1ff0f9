"""Does a worker know whose message it carries without asking each time, and does it learn of changes?"""

import pytest

from tenants import addresses
from tenants.homes import home_of
from tenants.models import Business
from tests.statements import capture_statements


@pytest.mark.django_db
def test_a_business_is_asked_for_once(acme):
    first = home_of(acme.pk)
    with capture_statements() as captured:
        again = home_of(acme.pk)

    assert captured.sent == []
    assert (again.business, again.slug) == (first.business, first.slug) == (acme, "acme")


@pytest.mark.django_db
def test_a_former_address_is_nobodys_home(acme, now, django_capture_on_commit_callbacks):
    home_of(acme.pk)
    with django_capture_on_commit_callbacks(execute=True):
        addresses.change_slug(business=acme, slug="acme-physio", now=now)

    assert home_of(acme.pk).slug == "acme-physio"


@pytest.mark.django_db
def test_what_a_business_is_now_shows_once_the_process_forgets(acme):
    home_of(acme.pk)
    Business.objects.filter(pk=acme.pk).update(status=Business.Status.CLOSED)
    addresses.invalidate()

    assert home_of(acme.pk).business.status == Business.Status.CLOSED
