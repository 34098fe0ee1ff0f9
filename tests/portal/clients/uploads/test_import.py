"""An import does what its pages promise, and nothing else."""

import pytest
from django.db import connection
from django.utils import timezone

from portal.activity.models import Entry
from portal.clients import services as clients
from portal.clients.identifiers import parse_email, parse_phone
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, CustomField, Tag, Upload
from portal.clients.services import build_search_text, match_client
from portal.clients.uploads import outcome_reports, services
from portal.clients.uploads.column_mapping import InvalidMapping
from portal.ui.text_folding import fold_text
from tenants.models import Delivery
from tests.factories import ClientFactory

LIST = (
    "Name,Email,Phone,Language,Tags,Note\n"
    "Ana Pereira,ANA@example.com,0171 1234567,de,VIP; new,likes tea\n"
    "Bo Sand,bo@example.com,,en,vip,\n"
)

pytestmark = pytest.mark.usefixtures("in_acme")


def count_row_outcomes(upload, *keys):
    return tuple(upload.counts.get(key, 0) for key in keys)


def test_an_import_creates_clients(import_rows, listed_clients):
    upload = import_rows(LIST)

    assert listed_clients() == {"Ana Pereira": ["+491711234567", "ana@example.com"], "Bo Sand": ["bo@example.com"]}
    ana = Client.objects.get(name="Ana Pereira")
    assert (ana.source, ana.language, ana.status) == ("upload", "de", "active")
    assert {tag.name for tag in ana.tags.all()} == {"VIP", "new"}
    assert [note.body for note in ana.notes.all()] == ["likes tea"]
    assert ana.search == build_search_text("Ana Pereira", ["ana@example.com", "+491711234567"])
    assert all(contact.may_sign_in and contact.confirmed_at for contact in ana.contacts.all())
    assert count_row_outcomes(upload, "created", "changed") == (2, 0)


@pytest.mark.parametrize("way", ["enable_hashagg", "enable_sort"])
@pytest.mark.parametrize("spellings", [("VIP", "vip", "Vip"), ("vip", "Vip", "VIP"), ("Vip", "VIP", "vip")])
def test_a_tag_is_spelt_as_in_the_first_row_whatever_the_query_plan(import_rows, spellings, way):
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL {way} = off")

    import_rows("Name,Email,Tags\n" + "".join(f"Row {n},r{n}@example.com,{tag}\n" for n, tag in enumerate(spellings)))

    assert [tag.name for tag in Tag.objects.all()] == [spellings[0]]


def test_uploaded_clients_are_found_by_name_and_address(import_rows):
    import_rows("Name,Email\nJürgen Größer,juergen@example.com\n")

    assert Client.objects.get(search__contains=fold_text("größer"))
    assert Client.objects.get(search__contains="juergen@example.com")


def test_the_timeline_has_an_entry_for_the_import_and_one_for_each_client(import_rows):
    upload = import_rows(LIST)

    lines = Entry.objects.filter(subject_id=upload.pk)
    assert lines.filter(event_type=ClientEvent.ADDED).count() == 2
    assert lines.get(event_type=ClientEvent.IMPORT_COMPLETED).data == {"list": "list.csv", "created": 2, "changed": 0}
    assert {line.client.name for line in lines.filter(event_type=ClientEvent.ADDED)} == {"Ana Pereira", "Bo Sand"}


def test_import_sends_no_message(import_rows):
    import_rows(LIST)
    import_rows(LIST, on_match="overwrite")

    assert not Delivery.objects.exists()


def test_a_check_changes_nothing(upload_checked_list, listed_clients):
    upload = upload_checked_list(LIST)

    assert listed_clients() == {}
    assert not Tag.objects.exists()
    assert (upload.state, count_row_outcomes(upload, "new")) == ("checked", (2,))


@pytest.mark.parametrize("on_match", Upload.OnMatch.values)
def test_uploading_the_same_list_again_changes_nothing(import_rows, on_match):
    messy = LIST + "ana pereira,ana@example.com,,,,\nCy,bo@example.com,,,,\nDi,nothing,,,,\n"
    import_rows(messy, on_match=on_match)
    before = sorted(Client.objects.values_list("pk", "name", "search", "updated_at")), Contact.objects.count()

    upload = import_rows(messy, on_match=on_match)

    assert (sorted(Client.objects.values_list("pk", "name", "search", "updated_at")), Contact.objects.count()) == before
    assert count_row_outcomes(upload, "created", "changed", "known", "duplicate", "review", "error") == (
        0,
        0,
        2,
        1,
        1,
        1,
    )


def test_classification_agrees_with_match_client(upload_checked_list, row_outcomes, now):
    for name, addresses in [
        ("Ana", [parse_email("ana@example.com"), parse_phone("+491711234567", country="DE")]),
        ("Family", [parse_email("family@example.com")]),
        ("Kin", [parse_email("family@example.com")]),
        ("Bo", [parse_phone("+491711234568", country="DE")]),
    ]:
        clients.add_client(name=name, identifiers=addresses, now=now)
    rows = [
        ("Ana", "Ana@Example.com", "", "known"),
        ("Bo", "unknown@example.com", "0171 1234568", "known"),
        ("Zoe", "zoe@example.com", "", "new"),
        ("Kin", "family@example.com", "", "known"),
        ("", "family@example.com", "", "conflict"),
        ("Lia", "family@example.com", "", "review"),
    ]

    upload = upload_checked_list(
        "Name,Email,Phone\n" + "".join(f"{name},{mail},{number}\n" for name, mail, number, _ in rows)
    )

    assert [outcome for _number, outcome, _reason in row_outcomes(upload)] == [row[3] for row in rows]
    for row in upload.rows.filter(outcome="known"):
        parsed_values = [parse_email(value) for value in row.emails] + [
            parse_phone(value, country="DE") for value in row.phones
        ]
        match = match_client(parsed_values)
        assert row.client_id in {client.pk for client in (match.client, *match.candidates) if client}


@pytest.mark.parametrize("trait", [{"is_demo": True}, {"erased_at": timezone.now()}])
def test_an_unlisted_client_is_not_matched(upload_checked_list, row_outcomes, trait):
    ClientFactory(email="ana@example.com", **trait)

    assert [outcome for _n, outcome, _r in row_outcomes(upload_checked_list(LIST))] == ["new", "new"]


def test_duplicate_rows_are_imported_once_and_other_names_are_put_up_for_review(upload_checked_list, row_outcomes):
    upload = upload_checked_list(
        "Name,Email,Phone\nAna,ana@example.com,\nBo,bo@example.com,0171 1234567\nANA,Ana@Example.COM,\n"
        "Cy,ana@example.com,\nDi,di@example.com,+49 171 1234567\n"
    )

    assert row_outcomes(upload) == [
        (2, "new", ""),
        (3, "new", ""),
        (4, "duplicate", "same-person"),
        (5, "review", "same-address"),
        (6, "new", ""),
    ]
    assert upload.rows.get(number=5).reason_detail == "2"


def test_two_rows_for_one_card_are_joined(upload_checked_list, row_outcomes, now):
    both = [parse_email("ana@example.com"), parse_email("ana@work.example")]
    clients.add_client(name="Ana", identifiers=both, now=now)

    upload = upload_checked_list("Name,Email\nAna,ana@example.com\nANA,ana@work.example\n")

    assert row_outcomes(upload) == [(2, "known", ""), (3, "duplicate", "same-card")]


def test_fill_adds_what_a_card_lacks_and_overwrites_nothing(import_rows, now):
    kept, lacking = (CustomField.objects.create(name=name) for name in ("Kept", "Lacking"))
    ana = clients.add_client(
        name="Ána  pereira", identifiers=[parse_email("ana@example.com")], custom={str(kept.pk): "old"}, now=now
    )

    upload = import_rows(
        "Name,Email,Email 2,Phone,Language,Kept,Lacking,Note\n"
        "Ana Pereira,ana@example.com,ana@work.example,0171 1234567,de,new,new,hello\n",
        on_match="fill",
    )

    ana.refresh_from_db()
    assert (ana.name, ana.language) == ("Ána  pereira", "de")
    assert ana.custom == {str(kept.pk): "old", str(lacking.pk): "new"}
    assert sorted(contact.value for contact in ana.contacts.all()) == ["+491711234567", "ana@example.com"]
    assert ana.search == build_search_text("Ána  pereira", ["ana@example.com", "+491711234567"])
    assert count_row_outcomes(upload, "would_fill", "would_overwrite", "changed") == (1, 1, 1)


def test_overwrite_never_empties_a_value(import_rows, now):
    ana = clients.add_client(name="ana pereira", identifiers=[parse_email("ana@example.com")], language="en", now=now)

    import_rows("Name,Email,Email 2,Language\nAna Pereira,ana@example.com,ana@work.example,\n", on_match="overwrite")

    ana.refresh_from_db()
    assert (ana.name, ana.language) == ("Ana Pereira", "en")
    assert sorted(contact.value for contact in ana.contacts.all()) == ["ana@example.com", "ana@work.example"]
    line = Entry.objects.get(event_type=ClientEvent.CHANGED)
    assert (line.data["before"], line.data["after"]) == (
        {"name": "ana pereira"},
        {"name": "Ana Pereira", "contacts": ["a•••@work.example"]},
    )


def test_skip_changes_no_card(import_rows, now):
    ana = clients.add_client(name="Ana P.", identifiers=[parse_email("ana@example.com")], now=now)

    import_rows(LIST, on_match="skip")

    ana.refresh_from_db()
    assert (ana.name, ana.contacts.count(), ana.tags.count()) == ("Ana P.", 1, 0)


def test_a_client_added_between_check_and_import_is_not_added_twice(
    upload_checked_list, run_upload_job, listed_clients, now
):
    upload = upload_checked_list(LIST)
    clients.add_client(name="Pereira, Ana", identifiers=[parse_email("ana@example.com")], now=now)

    services.start_import(upload=upload, on_match="skip", staff=None, now=now)
    run_upload_job(upload)

    assert list(listed_clients()) == ["Bo Sand", "Pereira, Ana"]
    assert count_row_outcomes(upload, "created") == (1,)


def test_a_client_deleted_between_check_and_import_is_created_again(
    upload_checked_list, run_upload_job, listed_clients, now
):
    ana = clients.add_client(name="Ana Pereira", identifiers=[parse_email("ana@example.com")], now=now)
    upload = upload_checked_list(LIST)
    Client.objects.filter(pk=ana.pk).update(erased_at=now)

    services.start_import(upload=upload, on_match="skip", staff=None, now=now)
    run_upload_job(upload)

    assert list(listed_clients()) == ["Ana Pereira", "Bo Sand"]


def test_a_row_without_a_name_is_an_error_unless_the_client_is_known(upload_checked_list, row_outcomes, now):
    clients.add_client(name="Ana", identifiers=[parse_email("ana@example.com")], now=now)

    upload = upload_checked_list("Name,Email\n,ana@example.com\n,bo@example.com\n")

    assert row_outcomes(upload) == [(2, "known", ""), (3, "error", "no-name")]


def test_a_mapping_needs_a_name_and_an_address(upload_list):
    upload = upload_list(LIST)
    for targets in (["name"], ["email"], ["name", "name", "email"]):
        with pytest.raises(InvalidMapping):
            services.map_columns(upload=upload, targets=targets, now=timezone.now())


def test_the_error_file_can_be_corrected_and_uploaded(import_rows, listed_clients):
    upload = import_rows("Name,Email,Note\nAna,ana@example.com,\nBo,bo(at)example.com,=1+1\nCy,,-\n")
    file = b"".join(outcome_reports.iter_failed_rows_csv(upload)).decode("utf-8-sig")

    assert file.splitlines() == [
        "Reason,Name,Email,Note",
        "not an email address: bo(at)example.com,Bo,bo(at)example.com,'=1+1",
        "neither email nor phone,Cy,,'-",
    ]
    again = import_rows(file.replace("(at)", "@"))

    assert list(listed_clients()) == ["Ana", "Bo"]
    assert Client.objects.get(name="Bo").notes.get().body == "=1+1"
    assert count_row_outcomes(again, "created", "error") == (1, 1)
