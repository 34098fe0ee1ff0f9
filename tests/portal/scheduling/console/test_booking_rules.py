"""Tests of the page of the booking rules."""

import pytest

from portal.scheduling.models import Acceptance, SchedulingSettings
from tenants.context import use_business
from tests.portal.scheduling.console.page_forms import read_form, save_form

PAGE = "/console/acme/calendar/rules/"


@pytest.fixture
def browser(staff_client):
    """A browser of Acme's owner."""
    return staff_client("owner")


def test_all_rules_are_saved(acme, browser):
    answer = save_form(
        browser,
        PAGE,
        is_on=None,
        intro="Welcome.",
        notice="240",
        horizon="30",
        start_interval="30",
        acceptance="by-hand",
        reschedule_window="2880",
        cancel_window="0",
        reminder_one="120",
        reminder_two="2880",
        reminder_three="120",
        has_follow_up="on",
        shows_attendees="on",
    )

    assert answer.status_code == 302
    with use_business(acme):
        rules = SchedulingSettings.objects.get()
        assert (rules.is_on, rules.intro, rules.notice, rules.horizon) == (False, "Welcome.", 240, 30)
        assert (rules.start_interval, rules.acceptance) == (30, Acceptance.BY_HAND)
        assert (rules.reschedule_window, rules.cancel_window, rules.reminders) == (2880, 0, [2880, 120])
        assert (rules.has_follow_up, rules.shows_attendees) == (True, True)


def test_saving_unchanged_rules_changes_nothing(acme, browser):
    assert save_form(browser, PAGE).status_code == 302
    with use_business(acme):
        assert not SchedulingSettings.objects.exists()


def test_a_rule_that_is_not_among_the_usual_ones_is_kept(acme, browser):
    with use_business(acme):
        SchedulingSettings.objects.create(notice=77, horizon=11, reminders=[99])

    assert "1 h 17 min" in browser.get(PAGE).content.decode()
    save_form(browser, PAGE, intro="Hello.")

    with use_business(acme):
        rules = SchedulingSettings.objects.get()
        assert (rules.notice, rules.horizon, rules.reminders) == (77, 11, [99])


def test_no_duration_of_a_day_or_more_is_shown_in_minutes(browser):
    page = browser.get(PAGE).content.decode()

    assert "1440 min" not in page
    assert "1 day" in page


@pytest.mark.parametrize(
    "typed", [{"notice": "-5"}, {"horizon": "9999"}, {"start_interval": "nothing"}, {"intro": "x" * 700}]
)
def test_a_rule_that_can_not_be_is_refused(acme, browser, typed):
    assert save_form(browser, PAGE, **typed).status_code == 422
    with use_business(acme):
        assert not SchedulingSettings.objects.exists()


def test_the_second_of_two_tabs_is_told(acme, browser):
    other_tab = read_form(browser.get(PAGE)) | {"notice": "60"}
    save_form(browser, PAGE, notice="240")

    assert browser.post(PAGE, other_tab).status_code == 409
    with use_business(acme):
        assert SchedulingSettings.objects.get().notice == 240
