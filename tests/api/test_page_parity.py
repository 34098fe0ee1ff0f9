"""Tests that programs can do through the API what people can do on pages, but for the exceptions in a table."""

import pytest

from tests.api.service_call_graph import Definition, list_api_services, list_page_services

BROWSER = "finds out who a browser’s cookie stands for; a program sends a key or a token"
STAFF_SIGN_IN = "lets a member of staff sign in to the console with a browser; a program has a key"
KEYS = "makes or ends keys; a stolen key could otherwise renew itself, or make more like it"
SEEN_AS_CLIENT = "shows a member of staff the portal’s pages as a client sees them, in their browser"
INVITATION = "joins the signed-in person to a team, which nobody can do for somebody else"
PAGES_OF_LISTS = "counts rows and pages; a list of the API has cursors and no count"
ATTEMPT_LINK = "is for the browser that follows a link in a mail; a program begins an attempt by itself"
TAG_NAME = "finds a tag by the name that somebody typed; a program names it by its id, with tag_clients"
COMING = "counts whom a change would leave as agreed, for a page that warns; a program filters list_appointments"
SERIES_CHANGE = "changes several appointments of a series; a program cancels or moves each by itself"
SERIES = "books several appointments after a page has shown all dates; a program books each with create_appointment"
CALENDAR_FEED = "is for calendar programs at a secret address; a program of a key or client lists the appointments"
HELD_TIME = "finds or frees what a page holds while its form is filled in; a program holds and books in one"
THREE_ANSWERS = "sets up a new business from three answers; a program adds services, calendars and hours itself"

# By the service: why pages call it and no operation of the API does.
PAGES_ONLY = {
    "portal.access.services.attempt_links.read_attempt_link": ATTEMPT_LINK,
    "portal.access.services.attempt_links.start_attempt": ATTEMPT_LINK,
    "portal.access.services.impersonation.end_impersonation": SEEN_AS_CLIENT,
    "portal.access.services.impersonation.find_impersonation": SEEN_AS_CLIENT,
    "portal.access.services.impersonation.start_impersonation": SEEN_AS_CLIENT,
    "portal.access.services.sessions.find_session": BROWSER,
    "portal.access.services.sessions.is_recognised_browser": BROWSER,
    "portal.access.services.staff_assistance.issue_code": "shows a code to whoever has the client before them; no "
    "operation shows a code, so that no program can sign in for a client",
    "portal.api_keys.key_states.describe_api_key": KEYS,
    "portal.api_keys.services.create_api_key": KEYS,
    "portal.api_keys.services.query_ended_keys": KEYS,
    "portal.api_keys.services.query_usable_keys": KEYS,
    "portal.api_keys.services.replace_api_key": KEYS,
    "portal.api_keys.services.revoke_api_key": KEYS,
    "portal.clients.services.custom_fields.move_custom_field": "moves a field by one place with a button; a program "
    "sends the whole order",
    "portal.clients.services.pagination.count_clients": PAGES_OF_LISTS,
    "portal.clients.services.pagination.get_client_page": PAGES_OF_LISTS,
    "portal.clients.services.person_identities.list_shared_addresses": "warns whoever is about to erase a client; the "
    "contacts of other clients are searched with list_clients",
    "portal.clients.services.possible_duplicates.list_possible_duplicates": "loads what the API shows as the "
    "candidates of a suggestion",
    "portal.clients.services.search.search_similar": "guesses what somebody meant who mistyped; a program gets what "
    "it asked for or nothing, so that it never changes a client who is only similar",
    "portal.clients.services.tags.tag_clients_by_name": TAG_NAME,
    "portal.clients.services.tags.untag_clients_by_name": TAG_NAME,
    "portal.embeds.services.get_allowed_websites": "tells a browser which websites may show the portal’s form",
    "portal.impersonation.services.impersonate_client": SEEN_AS_CLIENT,
    "portal.impersonation.services.impersonate_demo_client": SEEN_AS_CLIENT,
    "portal.impersonation.services.reset_demo_client": SEEN_AS_CLIENT,
    "portal.intake.booking.views.services.render_missing_service": "shows a page that leads to what can be booked; a "
    "program is answered by field",
    "portal.intake.services.contact_form_settings.has_contact_form": "decides whether a website may show the form; "
    "the API reads the settings themselves",
    "portal.intake.services.enquiry_matching.get_assigner_name": "names in a sentence who assigned an enquiry first; "
    "a program reads the enquiry again",
    "portal.integrations.webhooks.endpoints.show_secret": "shows a secret again; a program is told it once, so that a "
    "stolen key reads none",
    "portal.messaging.message_templates.services.send_sample": "mails a sample to whoever looks at the editor; a "
    "program reads the preview, and must not fill mailboxes",
    "portal.passkeys.services.offers.dismiss_offer": "hides the offer on the portal’s home page",
    "portal.passkeys.services.offers.is_offered": "decides whether the portal’s home page offers a passkey",
    "portal.scheduling.waiting_list_pages.build_waiting_pages": "words an entry for people; a program reads its fields",
    "portal.scheduling.booking_pages.build_month_page": "lays out a month for people; a program reads the slots",
    "portal.scheduling.calendar_feed_files.build_feed_file": CALENDAR_FEED,
    "portal.scheduling.services.calendar_feeds.create_feed": CALENDAR_FEED,
    "portal.scheduling.services.calendar_feeds.find_feed": CALENDAR_FEED,
    "portal.scheduling.services.calendar_feeds.get_own_calendar": CALENDAR_FEED,
    "portal.scheduling.services.calendar_feeds.get_working_feed": CALENDAR_FEED,
    "portal.scheduling.services.calendar_feeds.record_fetch": CALENDAR_FEED,
    "portal.scheduling.services.calendar_feeds.revoke_feed": CALENDAR_FEED,
    "portal.scheduling.services.calendar_services.set_calendar_services": "sets from a calendar’s side what "
    "update_service sets from a service’s",
    "portal.scheduling.services.coming_appointments.query_coming_in_calendar": COMING,
    "portal.scheduling.services.coming_appointments.query_coming_in_resource": COMING,
    "portal.scheduling.services.coming_appointments.query_coming_of_service": COMING,
    "portal.scheduling.services.coming_appointments.query_coming_on_days": COMING,
    "portal.scheduling.services.holds.get_hold": HELD_TIME,
    "portal.scheduling.services.holds.release_hold": HELD_TIME,
    "portal.scheduling.services.next_slots.find_next_slots": "looks for the first free time of an example; a program "
    "reads get_availability",
    "portal.scheduling.services.own_appointments.query_own_packages": "shows what can be used today; a program reads "
    "all of them with list_session_packages",
    "portal.scheduling.services.outside_busy_times.list_conflicting_calendars": "warns of what an outside calendar has "
    "at an appointment’s time; a program reads no times of private calendars",
    "portal.scheduling.services.own_appointments.get_booked_proposal": "links a declined request with what was booked "
    "instead; book_proposed_time answers a program with that",
    "portal.scheduling.services.series.series_booking.book_series": SERIES,
    "portal.scheduling.services.series.series_changes.cancel_series_appointments": SERIES_CHANGE,
    "portal.scheduling.services.series.series_moves.move_series_appointments": SERIES_CHANGE,
    "portal.scheduling.services.staff_booking.list_move_warnings": "reads what reschedule_appointment refuses with 409",
    "portal.scheduling.services.blocked_times.move_blocked_time": "a program deletes the time and blocks another",
    "portal.scheduling.services.series.occurrences.list_planned_occurrences": SERIES,
    "portal.scheduling.services.slots.group_by_day": "shows times below their days; a program groups the slots itself",
    "portal.scheduling.services.scheduling_start.has_started": THREE_ANSWERS,
    "portal.scheduling.services.scheduling_start.start_scheduling": THREE_ANSWERS,
    "portal.team.services.accept_invitation": INVITATION,
    "portal.team.staff_emails.enqueue_code": STAFF_SIGN_IN,
    "portal.team.staff_emails.notify_person": "tells people of a new browser or second factor of their own account, "
    "which programs have none of",
    "tenants.staff.invitations.find_invitation_by_token": INVITATION,
    "tenants.staff.invitations.query_invitations_to": INVITATION,
    "tenants.staff.known_browsers.is_known_browser": STAFF_SIGN_IN,
    "tenants.staff.known_browsers.remember_browser": STAFF_SIGN_IN,
    "tenants.staff.login_attempts.close_code": STAFF_SIGN_IN,
    "tenants.staff.login_attempts.count_attempt": STAFF_SIGN_IN,
    "tenants.staff.login_attempts.is_replaced_code": STAFF_SIGN_IN,
    "tenants.staff.sessions.list_sessions": "lists the browsers in which somebody is signed in to the console",
    "tenants.staff.sessions.record_session_use": BROWSER,
    "tenants.staff.wait_tokens.issue_wait_token": STAFF_SIGN_IN,
    "tenants.staff.wait_tokens.redeem_wait_token": STAFF_SIGN_IN,
}
ADVICE = "Build an operation in api/ that calls it, or add it to PAGES_ONLY with the reason why programs need none."


def list_page_only_services() -> set[str]:
    """Return the dotted paths of the services that pages call and no operation of the API reaches."""
    return {str(service) for service in list_page_services() - list_api_services()}


@pytest.mark.parametrize("name", ["create_tag", "set_client_tags"])
def test_services_are_found_behind_the_package_that_passes_them_on(name):
    tags = Definition("portal.clients.services.tags", name)
    assert tags in list_api_services()


def test_pages_services_are_found_behind_functions_that_are_none():
    assert Definition("tenants.staff.sessions", "record_session_use") in list_page_services()


def test_a_service_that_only_pages_call_is_not_taken_for_one_of_the_api():
    assert Definition("portal.impersonation.services", "impersonate_client") in list_page_services()
    assert Definition("portal.impersonation.services", "impersonate_client") not in list_api_services()


def test_every_service_of_the_pages_is_one_of_the_api_or_has_a_reason():
    assert list_page_only_services() - PAGES_ONLY.keys() == set(), ADVICE


def test_every_exception_is_still_one():
    stale = PAGES_ONLY.keys() - list_page_only_services()
    assert stale == set(), "The API reaches these now, or no page calls them: remove them from the table."
