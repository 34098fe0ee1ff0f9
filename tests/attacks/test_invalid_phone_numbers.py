"""U12: numbers with 16 digits, letters, dates and slashes are refused alike, whatever page or file they come by."""

import pytest
from django.core.management import CommandError, call_command

from portal.branding.models import PortalSettings
from portal.clients.models import Client, Contact
from portal.clients.uploads import services, upload_processing
from portal.clients.uploads.models import UploadState
from portal.intake.models import Enquiry
from tenants.context import use_business
from tests.portal.intake.contact_form_steps import NEW, send_contact_form

INVALID_NUMBERS = [
    "0171 3920083 (Mama)",
    "+4917139200836262",
    "+49 30 1234567890123",
    "0171 39200",
    "0171 3920084/85",
    "030 23125085/8612",
    "01.02.1985",
    "01/02/1985",
    "4.91714E+11",
    "436600000000",
    "+999 123456",
    "0800 FLOWERS",
    "0171 3920090 0171 3920091",
]

pytestmark = pytest.mark.parametrize("typed", INVALID_NUMBERS)


def list_numbers(business):
    with use_business(business):
        return set(Contact.objects.exclude_demo().filter(kind="phone").values_list("value", flat=True))


def test_the_contact_form_refuses_it(acme, portal_client, advance_time, typed):
    answer = send_contact_form(portal_client(acme), advance_time, **NEW | {"mobile": typed})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()
    with use_business(acme):
        assert not Enquiry.objects.exists()


def test_the_form_for_a_new_client_refuses_it(acme, staff_client, typed):
    answer = staff_client("staff").post("/console/acme/clients/new/", {"name": "Nora Neu", "mobile": typed})

    assert answer.status_code == 422
    with use_business(acme):
        assert not Client.objects.filter(name="Nora Neu").exists()


def test_the_client_card_refuses_it(acme, ana, staff_client, typed):
    before = list_numbers(acme)

    answer = staff_client("staff").post(f"/console/acme/clients/{ana.pk}/contacts/new/", {"identifier": typed})

    assert (answer.status_code, list_numbers(acme)) == (422, before)


def test_clients_can_not_make_it_their_own(acme, signed_in_ana, typed):
    before = list_numbers(acme)

    answer = signed_in_ana.browser.post("/account/contact/", {"identifier": typed})

    assert (answer.status_code, list_numbers(acme)) == (422, before)


def test_the_sign_in_page_refuses_it(acme, open_visitor, typed):
    assert open_visitor(acme).request_code(typed).status_code == 422


def test_sign_in_support_and_search_do_not_fail_on_it(acme, staff_client, typed):
    browser = staff_client("staff")

    for path in ("/console/acme/clients/", "/console/acme/search/"):
        assert browser.get(path, {"q": typed}).status_code == 200, path
    assert browser.post("/console/acme/sign-in-help/", {"typed": typed}).status_code == 200


def test_the_portal_settings_refuse_it(acme, staff_client, typed):
    answer = staff_client().post(
        "/console/acme/portal/branding/",
        {"name": "Acme", "colour": "#0f766e", "languages": ["en"], "contact_phone": typed},
    )

    assert answer.status_code == 422
    with use_business(acme):
        assert not PortalSettings.objects.exclude(contact_phone="").exists()


def test_the_command_refuses_it(acme, typed):
    with pytest.raises(CommandError):
        call_command("add_client", "Nora Neu", business="acme", mobile=[typed])


def test_a_list_keeps_its_other_rows_and_ends(acme, now, typed):
    text = f"Name;Phone\nIda Brandt;{typed}\nOle Timm;+49 171 3920162\n"
    before = list_numbers(acme)
    with use_business(acme):
        upload = services.receive_upload(chunks=[text.encode()], name="list.csv", size=len(text), staff=None, now=now)
        services.map_columns(upload=upload, targets=["name", "phone"], now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)
        upload.refresh_from_db()
        services.start_import(upload=upload, on_match="skip", staff=None, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)
        upload.refresh_from_db()

        assert upload.state == UploadState.DONE
    # Where two numbers stand in one cell, both may be taken; none is made of the digits of two.
    assert {len(number) for number in list_numbers(acme) - before} == {len("+491713920162")}
