"""What a noun adds everywhere by its folder and one line of INSTALLED_APPS.

These tests need the settings of this folder; tests/tenants/nouns/test_noun_discovery.py runs them.
"""

import io
import json
import re
import uuid
import zipfile
from base64 import b64decode
from datetime import timedelta

import pytest

from portal.activity.models import Entry
from portal.cards.services import erase_client, merge_clients
from portal.demo.services import remove_business, seed_business
from portal.impersonation.services import impersonate_demo_client
from portal.messaging.notifications.services import notify_staff
from portal.team.staff_emails import notify_person
from tenants.context import use_business
from tenants.models import Channel, Delivery, DeliveryState, Person, Queue
from tenants.nouns import checks
from tenants.staff.staff_actor import StaffActor
from tests.factories import ClientFactory, create_member
from tests.tenants.nouns.visits.kinds import VisitClientSource, VisitEvent, VisitJob, VisitNotification, VisitStaffEmail
from tests.tenants.nouns.visits.models import Visit
from tests.tenants.nouns.visits.services import RETENTION, mail_visit_confirmation, start_room_visit
from workers import schedule
from workers.actors import housekeeping, periodic_jobs, row_jobs
from workers.outage_updates import update_outages
from workers.queue import enqueue_row_job

CONSOLE = "/console/acme/"


@pytest.fixture
def staff_actor():
    return StaffActor(person_id=uuid.uuid4(), name="Sabine Acker", ip="10.0.0.1")


@pytest.fixture
def ana(acme, staff_actor, now):
    """A client of Acme who is visiting."""
    with use_business(acme):
        client = ClientFactory(name="Ana Pereira", email="ana@example.com")
        start_room_visit(client=client, room="Green", staff=staff_actor, now=now)
        return client


def get_page(browser, path="", **query):
    return browser.get(CONSOLE + path, query).content.decode()


def send_due_mails(outbox):
    outbox.deliver_due()
    return outbox.sent()


def list_visited_rooms(business, **filters):
    with use_business(business):
        return list(Visit.objects.filter(**filters).values_list("room", flat=True))


def test_the_declarations_fit_together():
    assert list(checks.find_declaration_problems()) == []


def test_it_stands_in_the_navigation(ana, staff_client):
    assert f'href="{CONSOLE}visits/"' in get_page(staff_client("staff"))
    assert "Visit to Green" in get_page(staff_client("staff"), "visits/")


def test_it_has_a_tool_in_the_console_s_header_that_reads_its_own_context(staff_client):
    assert "Today in room Green" in get_page(staff_client())


def test_it_has_a_page_behind_settings(ana, staff_client):
    assert f'href="{CONSOLE}settings/visits/"' in get_page(staff_client("owner"), "settings/")


def test_its_permissions_count(ana, staff_client):
    assert staff_client("owner").get(f"{CONSOLE}settings/visits/").status_code == 200
    assert staff_client("staff").get(f"{CONSOLE}settings/visits/").status_code == 403
    assert f'href="{CONSOLE}settings/visits/"' not in get_page(staff_client("staff"), "settings/")


def test_its_restricted_area_opens_to_whom_the_team_page_grants_it(acme, staff_client, platform_client):
    person = create_member(acme, "staff").person
    browser, team = platform_client(person), f"settings/team/{person.pk}/"
    assert browser.get(f"{CONSOLE}visits/fees/").status_code == 403
    assert "Fees for visits" in get_page(staff_client(), team)
    staff_client().post(CONSOLE + team, {"role": "staff", "areas": "fees"})
    assert browser.get(f"{CONSOLE}visits/fees/").status_code == 200


def test_it_has_a_tab_on_the_card(ana, staff_client):
    card = get_page(staff_client(), f"clients/{ana.pk}/")
    assert f"clients/{ana.pk}/visits/" in card
    assert "Visit to Green" in get_page(staff_client(), f"clients/{ana.pk}/visits/")


def test_the_search_finds_it(ana, staff_client):
    assert "Visit to Green" in get_page(staff_client(), "search/", q="green")
    assert "Visit rules" in get_page(staff_client(), "search/", q="visit rules")


def test_the_timeline_words_it(ana, staff_client):
    for path in (f"clients/{ana.pk}/timeline/", "activity/"):
        shown = get_page(staff_client(), path)
        assert "Visit begun" in shown, path
        assert "in room Green" in shown, path


def test_the_client_list_filters_by_its_way_onto_it(acme, ana, staff_client):
    with use_business(acme):
        ClientFactory(name="Bo Booked", source=VisitClientSource.VISITOR_BOOK)
    listed = get_page(staff_client(), "clients/", source="visitor-book")
    assert "Visitor book" in listed
    assert ("Bo Booked" in listed, "Ana Pereira" in listed) == (True, False)


def test_the_activity_page_filters_by_it(ana, staff_client):
    assert '<option value="visits"' in get_page(staff_client(), "activity/")


def test_it_has_a_number_on_the_console_s_home_page(ana, staff_client):
    assert '<h2>Visits</h2>\n        <p class="statistic-value">1</p>' in get_page(staff_client())


def test_it_has_a_section_on_the_console_s_home_page(ana, staff_client):
    assert "Visits under way: 1" in get_page(staff_client())


def test_it_has_a_card_on_the_client_portal_page(ana, staff_client):
    shown = get_page(staff_client(), "portal/")
    assert "Visits so far: 1" in shown
    assert shown.index("Custom domain") < shown.index("Visits so far")


def test_it_has_a_section_on_the_home_page(acme, ana, sign_in_client):
    assert "You visited Green" in sign_in_client(acme, "ana@example.com").get("/").content.decode()


def test_it_stands_in_the_portal_s_navigation(acme, ana, sign_in_client):
    assert '<a href="/visits/hours/" >Visits</a>' in sign_in_client(acme, "ana@example.com").get("/").content.decode()


def test_a_business_can_hide_that_section(ana, staff_client):
    assert 'value="visits"' in get_page(staff_client(), "portal/branding/")


def test_its_link_stands_on_the_sign_in_page(acme, portal_client):
    browser = portal_client(acme)
    assert "Visiting hours" in browser.get("/sign-in/").content.decode()
    assert browser.get("/visits/hours/").status_code == 200


def test_its_mail_says_what_its_own_function_returns(acme, ana, outbox, now):
    with use_business(acme):
        mail_visit_confirmation(visit=Visit.objects.get(), now=now)
    assert [mail["subject"] for mail in send_due_mails(outbox)] == ["Your visit to Green"]


def test_its_mail_has_the_file_that_its_own_function_builds(acme, ana, outbox, now):
    with use_business(acme):
        mail_visit_confirmation(visit=Visit.objects.get(), now=now)
    [attachment] = send_due_mails(outbox)[0]["attachments"]
    assert (attachment["filename"], b64decode(attachment["content"])) == ("room.txt", b"Green")


def test_its_mail_has_an_event_of_its_own_once_it_is_accepted(acme, ana, staff_client, outbox, now):
    with use_business(acme):
        mail_visit_confirmation(visit=Visit.objects.get(), now=now)
    send_due_mails(outbox)
    shown = get_page(staff_client(), f"clients/{ana.pk}/timeline/")
    assert ("Visit confirmed" in shown, "Accepted by the provider" in shown) == (True, False)


def test_its_mail_is_withdrawn_when_its_own_function_says_so(acme, ana, outbox, now):
    with use_business(acme):
        mail_visit_confirmation(visit=Visit.objects.get(), now=now)
        Visit.objects.update(is_closed=True)
    assert send_due_mails(outbox) == []


def test_a_business_writes_its_mail_with_its_placeholder(acme, ana, staff_client, outbox, now):
    editor, browser = "settings/message-templates/visit-confirmed/en/", staff_client()
    assert "A visit is confirmed" in get_page(browser, "settings/message-templates/")
    assert 'value="Your visit to {room}"' in get_page(browser, editor)
    browser.post(CONSOLE + editor, {"subject": "Room {room}", "body": "See you at {business}."})
    assert "See you at Acme Physiotherapy." in get_page(browser, f"{editor}preview/")
    with use_business(acme):
        mail_visit_confirmation(visit=Visit.objects.get(), now=now)
    assert [mail["subject"] for mail in send_due_mails(outbox)] == ["Room Green"]


def test_every_mail_has_its_variable(acme, ana, staff_client, outbox, now):
    preview = get_page(staff_client(), "settings/message-templates/visit-confirmed/en/preview/")
    assert "Acme Physiotherapy is open until six." in preview
    with use_business(acme):
        mail_visit_confirmation(visit=Visit.objects.get(), now=now)
    assert ["open until six" in mail["text"] for mail in send_due_mails(outbox)] == [True]


def test_its_email_to_staff_says_what_its_own_function_returns(acme, outbox, now):
    notify_person(Person.objects.get(email="owner@acme.test"), VisitStaffEmail.REPORT, visits=3, now=now)
    assert [(mail["subject"], "3 visits" in mail["text"]) for mail in send_due_mails(outbox)] == [
        ("Visits of today", True)
    ]


def test_staff_are_notified_of_it_and_choose_how(acme, ana, staff_client, now):
    browser = staff_client()
    with use_business(acme):
        notify_staff(VisitNotification.BEGUN, subject="Ana", url_name="visits", client=ana, now=now)
    assert re.search(r'class="inbox-name">\s*Visit\s', get_page(browser, "notifications/"))
    assert 'name="visit-begun"' in get_page(browser, "settings/notifications/")


def test_a_merge_moves_its_rows(acme, ana, staff_actor, now):
    with use_business(acme):
        survivor = ClientFactory(name="Ana P.", email="ap@example.com")
        merge_clients(survivor=survivor, duplicate=ana, staff=staff_actor, now=now)
    assert list_visited_rooms(acme, client=survivor) == ["Green"]


def test_an_export_holds_its_rows(ana, staff_client):
    answer = staff_client().post(f"{CONSOLE}clients/{ana.pk}/export/")
    with zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content))) as archive:
        exported = json.loads(archive.read("data.json"))
    assert [visit["room"] for visit in exported["visits"]] == ["Green"]


def test_an_erasure_deletes_its_rows(acme, ana, staff_actor, now):
    with use_business(acme):
        erase_client(client=ana, business=acme, staff=staff_actor, now=now)
    assert list_visited_rooms(acme) == []


def test_its_timeline_entry_still_says_the_room_after_an_erasure(acme, ana, staff_actor, now):
    with use_business(acme):
        erase_client(client=ana, business=acme, staff=staff_actor, now=now)
        assert Entry.objects.get(event_type=VisitEvent.VISIT_BEGUN).data == {"room": "Green"}


def test_old_rows_are_purged(acme, ana, staff_actor, now):
    with use_business(acme):
        start_room_visit(client=ana, room="Old", staff=staff_actor, now=now - RETENTION - timedelta(days=1))
    housekeeping.purge_expired_business_rows.fn(business_id=str(acme.pk))
    assert list_visited_rooms(acme) == ["Green"]


def test_its_periodic_job_is_scheduled_and_runs(acme, ana, staff_actor, now):
    with use_business(acme):
        start_room_visit(client=ana, room="Yesterday", staff=staff_actor, now=now - timedelta(days=2))
    assert timedelta(hours=1) in {task.interval for task in schedule.build_schedule()}
    periodic_jobs.run_job_at_business.fn(business_id=str(acme.pk), job_name="close-visits")
    assert list_visited_rooms(acme, is_closed=True) == ["Yesterday"]


def test_its_job_about_one_visit_is_enqueued_and_runs(acme, ana, redis_db):
    with use_business(acme):
        visit = Visit.objects.get()
    assert enqueue_row_job(VisitJob.CLOSE, business_id=acme.pk, row_id=visit.pk)
    [message] = map(json.loads, redis_db.hvals("dramatiq:notices.msgs"))
    row_jobs.run_row_job.fn(**message["kwargs"])
    assert list_visited_rooms(acme, is_closed=True) == ["Green"]


def test_it_handles_an_outage(acme, ana, now):
    code = {"queue": Queue.CODES, "channel": Channel.SMS, "state": DeliveryState.QUEUED}
    times = {"created_at": now, "due_at": now, "deadline_at": now + timedelta(minutes=10)}
    Delivery.objects.create(business=acme, message_id=uuid.uuid4(), **code, **times)
    with use_business(acme):
        Visit.objects.update(created_at=now - timedelta(minutes=1))
    update_outages(now=now + timedelta(minutes=1))
    assert list_visited_rooms(acme, is_closed=True) == ["Green"]


def test_the_demo_client_has_it(acme, staff_actor, now):
    person = Person.objects.get(email="owner@acme.test")
    with use_business(acme):
        impersonate_demo_client(business=acme, person=person, staff=staff_actor, staff_session_key="session", now=now)
    assert list_visited_rooms(acme, client__is_demo=True) == ["Demo"]


def test_the_demo_s_businesses_have_it(acme, now):
    remove_business("acme")
    assert list_visited_rooms(seed_business("acme", now=now)) == ["Sample"]


def test_every_business_has_its_table(acme, globex):
    assert (list_visited_rooms(acme), list_visited_rooms(globex)) == ([], [])
