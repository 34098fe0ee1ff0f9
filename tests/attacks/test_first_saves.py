"""Settings that have no row before they are first saved: two people who save at once don't break each other."""

import pytest
from django.utils import timezone

from portal.embeds.services import change_allowed_websites, load_allowed_websites
from portal.intake.models import ContactFormSettings
from portal.intake.services import change_contact_form_settings
from tenants.context import use_business
from tenants.staff.staff_actor import StaffActor
from tests.attacks.concurrent_tasks import run_concurrently

PEOPLE = 8
SAM = StaffActor(None, "Sam", None)

pytestmark = pytest.mark.usefixtures("committed_db")


def test_first_changes_of_the_allowed_websites_at_once(acme):
    def change(number: int) -> None:
        origins = [f"https://{number}.example"]
        with use_business(acme):
            change_allowed_websites(
                business=acme, staff=SAM, embedding_origins=origins, api_origins=[], now=timezone.now()
            )

    run_concurrently(change, range(PEOPLE))
    with use_business(acme):
        assert load_allowed_websites().embedding_origins in [[f"https://{n}.example"] for n in range(PEOPLE)]


def test_first_changes_of_the_contact_form_at_once(acme):
    def change(number: int) -> None:
        with use_business(acme):
            change_contact_form_settings(business=acme, staff=SAM, now=timezone.now(), intro=f"Hello {number}")

    run_concurrently(change, range(PEOPLE))
    with use_business(acme):
        assert ContactFormSettings.objects.get().intro in [f"Hello {n}" for n in range(PEOPLE)]
