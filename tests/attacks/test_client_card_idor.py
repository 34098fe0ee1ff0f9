"""T14: ids of another business, another card or no row at all open nothing on a client's card."""

import uuid

import pytest

from portal.clients.models import Client, Contact, Note
from tenants.context import use_business
from tests.factories import ClientFactory, ClientSessionFactory

GET_PATHS = ("", "edit/", "timeline/", "contacts/", "notes/", "sessions/", "merge/", "erasure/")
POST_PATHS = (
    *("edit/", "tags/", "archival/", "block/", "restoration/", "contacts/new/", "notes/new/", "sessions/end/"),
    *("export/", "erasure/"),
)
FORM_DATA = {"name": "Ana of Globex", "identifier": "mallory@example.com", "body": "Mine.", "allowed": "no"}


def _read_columns(row):
    return {column.attname: getattr(row, column.attname) for column in row._meta.concrete_fields}


def read_card_rows(business):
    """Return all that stands on the cards of a business."""
    with use_business(business):
        rows = [*Client.objects.order_by("pk"), *Contact.objects.order_by("pk"), *Note.objects.order_by("pk")]
        return [_read_columns(row) for row in rows]


@pytest.fixture
def globex_card(acme, globex, now):
    """A card at Globex whose key no card at Acme has, with a note and a session."""
    with use_business(globex):
        globex_card = ClientFactory(id=uuid.uuid4(), name="Ana of Globex", email="ana@globex.example")
        note = Note.objects.create(client=globex_card, body="Secret.", created_at=now)
        return globex_card, globex_card.contacts.get(), note, ClientSessionFactory(client=globex_card)


@pytest.mark.parametrize("role", ["owner", "manager", "staff", "read-only"])
def test_a_card_of_another_business_is_not_found(globex, globex_card, staff_client, role):
    client, contact, note, session = globex_card
    browser, before = staff_client(role), read_card_rows(globex)
    subpages = (f"contacts/{contact.pk}/", f"notes/{note.pk}/", f"merge/{uuid.uuid4()}/")
    for page in (*GET_PATHS, *subpages):
        assert browser.get(f"/console/acme/clients/{client.pk}/{page}").status_code in (403, 404), page
    actions = (f"contacts/{contact.pk}/removal/", f"notes/{note.pk}/deletion/", f"sessions/{session.pk}/end/")
    for page in (*POST_PATHS, *subpages, *actions):
        answer = browser.post(f"/console/acme/clients/{client.pk}/{page}", FORM_DATA)
        assert answer.status_code in (403, 404), page
        assert "Globex" not in answer.content.decode()

    assert read_card_rows(globex) == before


def test_unknown_cards_and_cards_of_another_business_get_the_same_answer(globex_card, staff_client):
    browser = staff_client("owner")
    answers = [
        browser.get(f"/console/acme/clients/{key}/{page}")
        for key in (globex_card[0].pk, uuid.uuid4())
        for page in GET_PATHS
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_key_shared_by_two_businesses_opens_each_business_s_own_card(acme, globex, same_name_clients, staff_client):
    for business, slug, name in ((acme, "acme", "Acme"), (globex, "globex", "Globex")):
        shown = (
            staff_client("owner", business).get(f"/console/{slug}/clients/{same_name_clients[0].pk}/").content.decode()
        )
        assert f"Ana of {name}" in shown
    before = read_card_rows(globex)
    staff_client("owner").post(
        f"/console/acme/clients/{same_name_clients[0].pk}/erasure/", {"name": same_name_clients[0].name}
    )

    assert read_card_rows(globex) == before
    assert read_card_rows(acme)[0]["name"] == "Erased client"


def test_contacts_notes_and_sessions_of_another_card_are_not_found(acme, staff_client, now):
    with use_business(acme):
        ana, bo = ClientFactory(name="Ana", email="ana@example.com"), ClientFactory(name="Bo", email="bo@example.com")
        note = Note.objects.create(client=bo, body="Bo's.", created_at=now)
        session, contact = ClientSessionFactory(client=bo), bo.contacts.get()
    browser, before = staff_client("owner"), read_card_rows(acme)
    for page in (
        *(f"contacts/{contact.pk}/{action}" for action in ("", "removal/", "sign-in/", "confirmation/")),
        *(f"notes/{note.pk}/{action}" for action in ("", "deletion/")),
        f"sessions/{session.pk}/end/",
    ):
        assert browser.post(f"/console/acme/clients/{ana.pk}/{page}", FORM_DATA).status_code == 404, page

    assert read_card_rows(acme) == before
    with use_business(acme):
        session.refresh_from_db()
    assert session.ended_at is None


@pytest.mark.parametrize("which", ["stranger", "demo", "erased"])
def test_a_merge_with_an_invalid_card_is_not_found(acme, globex_card, staff_client, now, which):
    with use_business(acme):
        ana = ClientFactory(name="Ana", email="ana@example.com")
        demo = ClientFactory(name="Demo", is_demo=True)
        erased = ClientFactory(name="Erased client", erased_at=now)
    other = {"stranger": globex_card[0], "demo": demo, "erased": erased}[which]
    browser, place = staff_client("owner"), f"/console/acme/clients/{ana.pk}/merge/{other.pk}/"

    assert (browser.get(place).status_code, browser.post(place).status_code) == (404, 404)
    with use_business(acme):
        assert not Client.objects.exclude(merged_into=None).exists()


@pytest.mark.parametrize(("role", "page"), [("staff", "merge/"), ("staff", "erasure/"), ("read-only", "edit/")])
def test_a_role_without_permission_is_refused_and_sees_no_buttons(acme, staff_client, role, page):
    with use_business(acme):
        ana = ClientFactory(name="Ana", email="ana@example.com")
    browser, place = staff_client(role), f"/console/acme/clients/{ana.pk}/"

    assert browser.get(place + page).status_code == 403
    assert f"{place}{page}" not in browser.get(place).content.decode()


def test_input_of_staff_and_clients_is_escaped(acme, staff_client, now):
    script = "<script>alert(1)</script>"
    with use_business(acme):
        ana = ClientFactory(name=script, email="ana@example.com")
        Note.objects.create(client=ana, body=script, author_name=script, created_at=now)
        Contact.objects.update(label=script)
    browser = staff_client("owner")
    for page in GET_PATHS:
        assert script not in browser.get(f"/console/acme/clients/{ana.pk}/{page}").content.decode(), page
