"""Does a worker know whose message it carries without asking each time, and does it learn of changes?"""

import pytest

from tenants import hostnames
from tenants.business_routes import get_business_route
from tenants.models import Business
from tests.statements import capture_statements


@pytest.mark.django_db
def test_a_business_is_asked_for_once(acme):
    first = get_business_route(acme.pk)
    with capture_statements() as captured:
        again = get_business_route(acme.pk)

    assert captured.sent == []
    assert (again.business, again.slug) == (first.business, first.slug) == (acme, "acme")


@pytest.mark.django_db
def test_a_former_address_is_nobodys_home(acme, now, django_capture_on_commit_callbacks):
    get_business_route(acme.pk)
    with django_capture_on_commit_callbacks(execute=True):
        hostnames.change_slug(business=acme, slug="acme-physio", now=now)

    assert get_business_route(acme.pk).slug == "acme-physio"


@pytest.mark.django_db
def test_what_a_business_is_now_shows_once_the_process_forgets(acme):
    get_business_route(acme.pk)
    Business.objects.filter(pk=acme.pk).update(status=Business.Status.CLOSED)
    hostnames.invalidate_cache()

    assert get_business_route(acme.pk).business.status == Business.Status.CLOSED
