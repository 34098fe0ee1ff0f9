"""Names from the wild are listed, shown, found, exported and written in mails as they were typed."""

import csv
import io
from html import escape

import pytest
from django.utils import timezone

from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.models import Client
from portal.clients.services import SearchQuery, search_clients
from portal.clients.uploads import services, upload_processing
from portal.messaging.mail_safe_names import filter_unsafe_name
from portal.ui.formula_escaping import unescape_formula
from tenants.context import use_business
from tenants.text_cleaning import clean_line

NAMES = [
    "Brandt, Ida",
    "O'Neill, Pat Jr.",
    "Null",
    "None",
    "True",
    "NaN",
    "N/A",
    "undefined",
    "=1+1",
    "-Bo Lind",
    "@home",
    "+Plus",
    "Ng",
    "X",
    "Ida  Brandt",
    "\u00a0Ida\u00a0Nbsp ",
    "ida.asname@example.com",
    "Robert'); DROP TABLE clients;--",
    "<b>Bold</b> Lind",
    "{{ business }}",
    "{business}",
    "%s %d",
    "https://example.com Ida",
    "\U0001f984",
    "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466 Familie Roth",
    "علی\u200cرضا کریمی",
    "ක්\u200dරිෂාන්ත ශ්\u200dරී",
    "प्रिया शर्मा",
    "นพดล ใจดี",
    "Nguyê\u0303n Thi\u0323 Hu\u031bo\u031bng",
    "محمد أبو-زيد",
    "דָּנִיֵּאל כֹּהֵן",
    "\u202eGROSS\u202c Ida",
    "İlker IĞDIR",
    "Straße Groß",
    "ﬁnn Lig",
    "Z̷̢̛a̶l̵g̴o̸ Test",
    "A" * 160,
    "ภ" * 80,
    "Ida\tTab",
    "Ida\\nBackslash",
    "Œuf Ægir Øst Łoś",
    "李 小龍",
    "𠮷野 家",
]


@pytest.fixture
def imported_names(acme, now):
    """Import one client for each of NAMES; return the names as they should be, by email address."""
    text = io.StringIO()
    csv.writer(text).writerows(
        [["Name", "Email"], *([name, f"name{number}@example.com"] for number, name in enumerate(NAMES))]
    )
    data = text.getvalue().encode("utf-8-sig")
    with use_business(acme):
        upload = services.receive_upload(chunks=[data], name="names.csv", size=len(data), staff=None, now=now)
        services.map_columns(upload=upload, targets=upload.columns, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)
        upload.refresh_from_db()
        services.start_import(upload=upload, on_match="skip", staff=None, now=now)
        upload_processing.process_upload(upload.pk, clock=lambda: now, time_slice=None)
    return {f"name{number}@example.com": clean_line(name) for number, name in enumerate(NAMES)}


def test_a_list_keeps_every_name(acme, imported_names):
    with use_business(acme):
        stored = dict(Client.objects.values_list("contacts__value", "name"))

    assert stored == imported_names
    assert stored["name32@example.com"] == "GROSS Ida"


def test_every_name_is_shown_on_the_list_and_its_card(acme, imported_names, staff_client):
    browser = staff_client("staff")
    with use_business(acme):
        clients = list(Client.objects.order_by("search"))

    listed = browser.get("/console/acme/clients/").content.decode()
    assert [client.name for client in clients[:20] if escape(client.name) not in listed] == []
    for client in clients[::5]:
        card = browser.get(f"/console/acme/clients/{client.pk}/").content.decode()
        assert escape(client.name) in card, client.name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nguyen", "Nguyê\u0303n Thi\u0323 Hu\u031bo\u031bng"),
        ("łos", "Œuf Ægir Øst Łoś"),
        ("il", "İlker IĞDIR"),
        ("علیرضا", "علی\u200cرضا کریمی"),
        ("علی\u200cرضا", "علی\u200cرضا کریمی"),
        ("ක්රිෂාන්ත", "ක්\u200dරිෂාන්ත ශ්\u200dරී"),
        ("प्रिया", "प्रिया शर्मा"),
        ("นพดล", "นพดล ใจดี"),
        ("דניאל", "דָּנִיֵּאל כֹּהֵן"),
        ("strasse", "Straße Groß"),
        ("gross ida", "GROSS Ida"),
        ("小龍", "李 小龍"),
    ],
)
def test_a_name_is_found_by_what_people_type(acme, imported_names, typed, name):
    with use_business(acme):
        found = search_clients(SearchQuery(text=typed), country="DE", now=timezone.now())

        assert name in found.values_list("name", flat=True)


def test_an_export_has_every_name(imported_names, staff_client):
    answer = staff_client("manager").post("/console/acme/clients/export/", {"everyone": "yes", "format": "csv"})
    text = b"".join(answer.streaming_content).decode("utf-8-sig")

    exported = {unescape_formula(row[0]) for row in csv.reader(io.StringIO(text, newline=""))}
    assert set(imported_names.values()) - exported == set()


def test_a_client_is_greeted_by_their_name_as_it_was_typed(acme, imported_names, sign_in_client):
    greeted = {
        "name0@example.com": "Ida",
        "name2@example.com": "Null",
        "name18@example.com": escape("<b>Bold</b>"),
        "name19@example.com": "{{",
        "name20@example.com": "{business}",
        "name24@example.com": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466",
        "name25@example.com": "علی\u200cرضا",
        "name26@example.com": "ක්\u200dරිෂාන්ත",
        "name32@example.com": "GROSS",
    }
    for address, name in greeted.items():
        home = sign_in_client(acme, address).get("/").content.decode()
        heading = home.partition("<h1")[2].partition("</h1>")[0]
        assert heading.rpartition(", ")[2] == name, address


def test_no_name_gets_into_a_mail_or_text_to_its_client(acme, portal_client, outbox, now):
    names = [clean_line(name) for name in NAMES if len(name) > 9]
    with use_business(acme):
        for number, name in enumerate(names):
            identifiers = [parse_email(f"name{number}@example.com"), parse_phone(f"01713920{number:03}", country="DE")]
            clients.add_client(name=name, identifiers=identifiers, now=now)
    addresses = [f"name{number}@example.com" for number in range(0, len(names), 5)]
    addresses += [f"+491713920{number:03}" for number in range(0, len(names), 5)]
    for number, address in enumerate(addresses):
        browser = portal_client(acme)
        browser.post("/sign-in/", {"identifier": address}, REMOTE_ADDR=f"10.0.{number}.1")
    outbox.deliver_due()

    sent = outbox.sent()
    assert {message["to"] for message in sent} == set(addresses)
    assert [(name, message["to"]) for message in sent for name in names if name in str(message)] == []


@pytest.mark.parametrize(
    "name", ["प्रिया शर्मा", "นพดล ใจดี", "Nguyê\u0303n Thi\u0323 Hu\u031bo\u031bng", "علی\u200cرضا کریمی", "İlker IĞDIR"]
)
def test_letters_with_marks_are_letters_in_mails_to_staff(name):
    assert filter_unsafe_name(name) == name
