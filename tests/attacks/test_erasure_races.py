"""Tests that nobody comes back with what another process does to their data at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager

import pytest
from django.db import connection

from portal.cards.services import add_note, erase_client
from portal.clients import services as clients
from portal.clients.identifiers import parse_email
from portal.clients.models import Client, Note
from portal.clients.uploads import services as uploads
from portal.clients.uploads.bulk_answers import answer_bulk_upsert
from portal.clients.uploads.bulk_upserts import FIRST_ROW, start_bulk_upsert
from portal.clients.uploads.models import RowDecision, Upload
from portal.clients.uploads.person_erasure import UploadErasure
from portal.clients.uploads.row_reviews import RowAnswer
from portal.clients.uploads.upload_locking import lock_upload
from portal.clients.uploads.upload_processing import process_upload
from portal.intake import services as intake
from portal.intake.models import Enquiry
from tenants.context import use_business
from tenants.nouns.personal_data_policies import ErasureRefused
from tenants.staff.staff_actor import StaffActor
from tests.attacks import erased_person as person
from tests.attacks.trace_search import search_everything
from tests.factories import create_member
from tests.faults.process_cluster import wait_until
from tests.lock_contention import run_blocked
from tests.portal.clients.uploads.test_import_chunks import is_waiting_for_lock, other_transaction, short_lock_timeout

LIST = f"{person.HEADINGS}{person.NAME},{person.EMAIL},,,\nBen,{person.BEN},,,\n"

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def staff_actor(acme):
    return StaffActor(person_id=create_member(acme, "owner").person_id, name="Sabine Acker", ip="10.0.0.1")


@pytest.fixture
def ottilie(acme, staff_actor, now):
    with use_business(acme):
        return person.add_client(person.NAME, person.EMAIL, staff=staff_actor, now=now)


def test_an_import_that_waits_for_an_erasure_leaves_the_person_out(acme, ottilie, staff_actor, now):
    with use_business(acme):
        listed = person.upload(LIST, "list.csv", now=now)
        start = {"upload": listed, "on_match": "overwrite", "staff": None, "now": now, "inline": True}
        with run_blocked(lambda: uploads.start_import(**start), business=acme) as results:
            erase_client(client=ottilie, business=acme, staff=staff_actor, now=now)
        assert results == [listed]
        listed.refresh_from_db()
        person.process_list(listed, now=now)
        assert set(Client.objects.values_list("name", flat=True)) == {"Erased client", "Ben"}


def test_an_erasure_that_waits_for_the_start_of_an_import_is_refused(acme, ottilie, staff_actor, now):
    with use_business(acme):
        listed = person.upload(LIST, "list.csv", now=now)
        erasure = {"client": ottilie, "business": acme, "staff": staff_actor, "now": now}
        with run_blocked(lambda: erase_client(**erasure), business=acme) as results:
            uploads.start_import(upload=listed, on_match="overwrite", staff=None, now=now, inline=True)
        assert [type(result) for result in results] == [ErasureRefused]
        assert Client.objects.get(pk=ottilie.pk).name == person.NAME


def test_an_erasure_that_waits_for_answers_about_a_bulk_upsert_is_refused(acme, ottilie, staff_actor, now):
    with use_business(acme):
        program = {"name": "Sync", "staff": staff_actor, "now": now}
        rows = [{"name": "Olga", "emails": [person.EMAIL]}]
        question = start_bulk_upsert(rows=rows, on_match="overwrite", **program)
        while process_upload(question.pk, clock=lambda: now):
            pass
        answers = {FIRST_ROW: RowAnswer(RowDecision.SEPARATE)}
        erasure = {"client": ottilie, "business": acme, "staff": staff_actor, "now": now}
        with run_blocked(lambda: erase_client(**erasure), business=acme) as results:
            answer_bulk_upsert(upload=question, answers=answers, **program)
        assert [type(result) for result in results] == [ErasureRefused]
        assert Client.objects.get(pk=ottilie.pk).name == person.NAME


def test_an_erasure_waits_for_the_chunk_that_a_worker_writes(acme, ottilie, staff_actor, now):
    with use_business(acme):
        listed = person.upload(LIST, "list.csv", now=now)
        erasure = {"client": ottilie, "business": acme, "staff": staff_actor, "now": now}
        uploads.start_import(upload=listed, on_match="skip", staff=None, now=now, inline=True)
        listed.refresh_from_db()
        with run_blocked(lambda: erase_client(**erasure), business=acme) as results:
            lock_upload(listed)
        assert [type(result) for result in results] == [ErasureRefused]


def test_a_format_that_is_set_during_an_erasure_keeps_the_converted_file(acme, ottilie, staff_actor, now):
    with use_business(acme):
        listed = person.upload(person.build_workbook(), "list.xlsx", now=now, check=False)
        chosen = {"upload": listed, "encoding": "", "separator": "", "has_headings": True}
        with run_blocked(lambda: uploads.set_file_format(**chosen), business=acme) as results:
            erase_client(client=ottilie, business=acme, staff=staff_actor, now=now)
        assert [type(result) for result in results] == [uploads.UploadStateChanged]
        stored = Upload.objects.get()
        names = [cells[0] for _number, cells in uploads.preview_rows(stored)]
        assert (stored.kind, stored.encoding, stored.separator) == ("csv", "utf-8", ",")
        assert names == ["Name", "Ben Marsh", "Bea Marsh", "Mara Quirk"]


def test_an_enquiry_that_is_matched_during_an_erasure_is_not_added_to_the_erased_card(acme, ottilie, staff_actor, now):
    with use_business(acme):
        data = intake.EnquiryData(person.uuid.uuid4(), person.NAME, person.identify(person.EMAIL), "203.0.113.0/24")
        intake.receive_enquiry(business=acme, data=data, now=now)
        pending = Enquiry.objects.get()
        match = {"enquiry_id": pending.pk, "now": now}
        with run_blocked(lambda: intake.match_enquiry(**match), business=acme) as results:
            erase_client(client=ottilie, business=acme, staff=staff_actor, now=now)
        assert (results, Enquiry.objects.count()) == ([None], 0)


@contextmanager
def erasure_that_reads_files(acme, ottilie, staff_actor, now):
    """Let the block run while an erasure reads the files of uploads, and then wait for its end."""

    def erase_in_thread():
        with use_business(acme), closing(connection):
            erase_client(client=ottilie, business=acme, staff=staff_actor, now=now)

    with ThreadPoolExecutor(1) as thread:
        with other_transaction("LOCK TABLE clients_filechunk IN ACCESS EXCLUSIVE MODE"):
            erasure = thread.submit(erase_in_thread)
            wait_until(is_waiting_for_lock, what="the erasure reading a file")
            with short_lock_timeout():
                yield erasure
        erasure.exception()


def test_imports_and_forms_wait_for_no_erasure_that_reads_files_and_nobody_comes_back(
    acme, ottilie, staff_actor, now, redis_db
):
    with use_business(acme):
        person.upload(LIST, "first.csv", now=now)
        listed = person.upload(LIST, "second.csv", now=now)
        data = intake.EnquiryData(person.uuid.uuid4(), "Mara Quirk", person.identify(person.BEN), "203.0.113.0/24")
        intake.receive_enquiry(business=acme, data=data, now=now)
        with erasure_that_reads_files(acme, ottilie, staff_actor, now) as erasure:
            assert intake.match_enquiry(enquiry_id=Enquiry.objects.get().pk, now=now)
            uploads.start_import(upload=listed, on_match="overwrite", staff=None, now=now, inline=True)
            listed.refresh_from_db()
            person.process_list(listed, now=now)
            assert Upload.objects.get(pk=listed.pk).state == "done"
        erasure.result()

        assert Client.objects.get(pk=ottilie.pk).erased_at
        assert search_everything(acme, (person.NAME, person.EMAIL), redis_db=redis_db) == set()
        assert "Ben" in str(list(listed.rows.values_list("name", flat=True)))


def test_an_import_that_still_runs_once_the_files_are_read_refuses_the_erasure(acme, ottilie, staff_actor, now):
    with use_business(acme):
        listed = person.upload(LIST, "list.csv", now=now)
        before = list(listed.file_chunks.values_list("data", flat=True))
        with erasure_that_reads_files(acme, ottilie, staff_actor, now) as erasure:
            uploads.start_import(upload=listed, on_match="overwrite", staff=None, now=now, inline=True)

        assert isinstance(erasure.exception(), ErasureRefused)
        assert list(listed.file_chunks.values_list("data", flat=True)) == before


def test_what_changes_while_files_are_read_is_read_again(acme, ottilie, staff_actor, now, redis_db):
    other = "otti@else.example"
    with use_business(acme):
        text = f"{LIST}{person.NAME},{other},,,\n"
        listed = person.upload(text, "list.csv", now=now)
        with erasure_that_reads_files(acme, ottilie, staff_actor, now) as erasure:
            clients.add_contact(client=ottilie, identifier=parse_email(other), source="staff", now=now)
        erasure.result()

        assert search_everything(acme, (person.NAME, person.EMAIL, other), redis_db=redis_db) == set()
        assert listed.file_chunks.exists()


def test_an_erasure_does_not_bring_back_whom_another_one_has_erased_meanwhile(
    acme, ottilie, staff_actor, now, redis_db
):
    with use_business(acme):
        ben = person.add_client("Ben", person.BEN, staff=staff_actor, now=now)
        listed = person.upload(LIST, "list.csv", now=now)
        files = ExitStack()
        erasure = UploadErasure(clients.identify_person(ben.ids_with_merged(), country="DE"), files)
        with files:
            erasure.prepare()
            erase_client(client=ottilie, business=acme, staff=staff_actor, now=now)
            erasure.erase()

        assert search_everything(acme, (person.NAME, person.EMAIL), redis_db=redis_db) == set()
        assert listed.file_chunks.exists()


def test_a_note_that_waits_for_an_erasure_is_not_written(acme, ottilie, staff_actor, now):
    with use_business(acme):
        note = {"client": ottilie, "body": "Called.", "staff": staff_actor, "now": now}
        with run_blocked(lambda: add_note(**note), business=acme) as results:
            erase_client(client=ottilie, business=acme, staff=staff_actor, now=now)
        assert [type(result) for result in results] == [Client.DoesNotExist]
        assert not Note.objects.exists()
