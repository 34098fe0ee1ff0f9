"""L32: the number of an emergency contact, a fax or a switchboard opens nobody's portal."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.clients.models import Contact, CustomField
from portal.clients.uploads import services, upload_processing
from portal.clients.uploads.models import Upload
from portal.intake.models import ContactFormSettings
from tenants.context import use_business
from tests.portal.intake.contact_form_steps import NEW, send_contact_form

UPLOADS = "/console/acme/clients/uploads/"
THEIRS = "+491713920099"


def import_list(business, text, now, targets=None):
    data = text.encode()
    with use_business(business):
        upload = services.receive_upload(chunks=[data], name="list.csv", size=len(data), staff=None, now=now)
        services.map_columns(upload=upload, targets=targets or upload.columns, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)
        upload.refresh_from_db()
        services.start_import(upload=upload, on_match="skip", staff=None, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)


@pytest.mark.parametrize(
    "heading",
    [
        "Emergency Phone",
        "Fax",
        "Assistant's Phone",
        "Company Main Phone",
        "Notfallnummer",
        "Telefon Mutter",
        "EC Phone",
        "Oma",
    ],
)
def test_a_number_of_somebody_else_on_a_list_gets_no_code(acme, open_visitor, outbox, now, heading):
    import_list(acme, f"Name,Email,{heading}\nIda Brandt,ida@example.com,+49 171 3920099\n", now)

    open_visitor(acme).request_code(THEIRS)
    outbox.deliver_due()

    assert outbox.sent() == []
    with use_business(acme):
        assert list(Contact.objects.exclude_demo().values_list("value", flat=True)) == ["ida@example.com"]


def test_an_address_of_somebody_else_on_a_list_gets_no_code(acme, open_visitor, outbox, now):
    import_list(acme, "Name,Phone,Emergency Email\nIda Brandt,+49 171 3920061,ole@example.com\n", now)

    open_visitor(acme).request_code("ole@example.com")
    outbox.deliver_due()

    assert outbox.sent() == []


@pytest.mark.parametrize("label", ["Work Fax", "* Home Fax", "Pager", "Notfall", "Assistant", "Mother", "Sekretariat"])
@pytest.mark.parametrize(
    ("headings", "order"),
    [
        ("Phone 1 - Label,Phone 1 - Value", "{label},{number}"),
        ("Phone 1 - Type,Phone 1", "{label},{number}"),
        ("Telefon,Telefon Typ", "{number},{label}"),
    ],
)
def test_a_number_whose_label_names_somebody_else_gets_no_code(acme, open_visitor, outbox, now, label, headings, order):
    cells = order.format(label=label, number=THEIRS)
    own = order.format(label="Mobile", number="+49 171 3920061")
    import_list(acme, f"Name,Email,{headings}\nIda,ida@example.com,{cells}\nOle,ole@example.com,{own}\n", now)

    open_visitor(acme).request_code(THEIRS)
    outbox.deliver_due()

    assert outbox.sent() == []
    with use_business(acme):
        values = set(Contact.objects.exclude_demo().values_list("value", flat=True))
    assert values == {"ida@example.com", "ole@example.com", "+491713920061"}


def test_a_label_that_nobody_knows_leaves_the_row_to_staff(acme, now):
    text = f"Name,Phone 1 - Label,Phone 1 - Value\nIda,Oma,{THEIRS}\nOle,Büro,+49 171 3920061\nEva,Oma,\n"
    import_list(acme, text, now)

    with use_business(acme):
        upload = Upload.objects.get()
        assert upload.columns == ["name", "label-next", "phone"]
        rows = upload.rows.order_by("number").values_list("outcome", "reason", "reason_detail")
        assert list(rows) == [("error", "unknown-label", "Oma"), ("new", "", ""), ("error", "no-address", "")]


def test_a_name_beside_a_number_keeps_it_from_the_card(acme, now):
    import_list(acme, "Name,Email,Phone\nIda,ida@example.com,0171 3920099 (Mama)\nOle,ole@example.com,\n", now)

    with use_business(acme):
        assert list(Contact.objects.exclude_demo().values_list("value", flat=True)) == ["ole@example.com"]


def test_a_field_of_the_contact_form_for_somebody_else_gives_them_no_access(
    acme, portal_client, open_visitor, outbox, advance_time
):
    with use_business(acme):
        field = CustomField.objects.create(name="Emergency phone", kind="text")
        ContactFormSettings.objects.update_or_create(defaults={"custom": {str(field.pk): "optional"}})
    answer = send_contact_form(portal_client(acme), advance_time, **NEW | {f"field-{field.pk}": THEIRS})
    assert answer.status_code == 302

    open_visitor(acme).request_code(THEIRS)
    outbox.deliver_due()

    assert not [message for message in outbox.sent() if message["to"] == THEIRS]


def check_list(business, browser, page, typed, now):
    """Assign the columns, let a worker check the list, and return the page that shows the result."""
    working = browser.post(page, typed, follow=True)
    with use_business(business):
        upload_processing.process_upload(Upload.objects.get().pk, clock=lambda: now, time_slice=None)
    return browser.get(working.redirect_chain[-1][0]).content.decode()


def test_staff_who_assign_such_a_column_themselves_are_warned(acme, staff_client, now):
    browser = staff_client("manager")
    data = SimpleUploadedFile("list.csv", b"Name,Email,Emergency Phone\nIda,ida@example.com,+49 171 3920099\n")
    browser.post(UPLOADS, {"file": data})
    with use_business(acme):
        page = f"{UPLOADS}{Upload.objects.get().pk}/columns/"
    assert "seems to be about somebody else" in browser.get(page).content.decode()

    typed = {"column-0": "name", "column-1": "email"}
    assert "be about somebody else" not in check_list(acme, browser, page, typed | {"column-2": ""}, now)
    checked = check_list(acme, browser, page, typed | {"column-2": "phone"}, now)

    assert "“Emergency Phone” may be about somebody else" in checked


def test_staff_who_assign_a_column_with_an_unknown_heading_are_warned(acme, staff_client, now):
    browser = staff_client("manager")
    data = SimpleUploadedFile("list.csv", b"Name,Email,Oma\nIda,ida@example.com,+49 171 3920099\n")
    browser.post(UPLOADS, {"file": data})
    with use_business(acme):
        page = f"{UPLOADS}{Upload.objects.get().pk}/columns/"

    checked = check_list(acme, browser, page, {"column-0": "name", "column-1": "email", "column-2": "phone"}, now)

    assert "“Oma” may be about somebody else" in checked
