"""Staff are told since when codes are delayed, and how clients can get in meanwhile."""

from django.utils import timezone

from portal.messaging.outage_notices import build_outage_notices
from tenants.models import Channel, Outage


def build_outages(*channels):
    return [Outage(channel=channel, started_at=timezone.now()) for channel in channels]


def test_an_outage_of_one_channel_points_to_the_other():
    [notice] = build_outage_notices(build_outages(Channel.SMS))
    assert notice.title.startswith("Codes by text message are delayed: none has been sent since today at ")
    assert "request their code by email" in notice.advice

    [notice] = build_outage_notices(build_outages(Channel.EMAIL))
    assert notice.title.startswith("Codes by email are delayed")
    assert "request their code by text message" in notice.advice


def test_an_outage_of_both_channels_leaves_codes_in_person():
    notices = build_outage_notices(build_outages(Channel.SMS, Channel.EMAIL))
    assert [notice.advice for notice in notices] == [
        "An owner can issue a code in person: on the client card, under Sign-in help."
    ] * 2
