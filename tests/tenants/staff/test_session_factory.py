"""The sessions that tests create equal those that Django's own sign-in creates."""

from django.contrib.sessions.models import Session

from tests.factories import create_member


def test_a_test_session_equals_one_made_by_django(acme, platform_client):
    person = create_member(acme, "staff").person
    ours = platform_client(person)
    seen = person.last_login
    theirs = platform_client()
    theirs.force_login(person)

    assert dict(ours.session) == dict(theirs.session)
    assert seen
    [one, other] = (Session.objects.get(pk=browser.session.session_key) for browser in (ours, theirs))
    assert abs((one.expire_date - other.expire_date).total_seconds()) < 60
    assert len(one.pk) == len(other.pk)
    assert [browser.get("/console/acme/").status_code for browser in (ours, theirs)] == [200, 200]
