"""What have the demo client and the business said to each other?"""

from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from portal.clients.models import Client
from portal.messaging.models import Line

# Nobody: the business itself speaks.
NOBODY = UUID(int=0)


def furnish(client: Client, now: datetime) -> None:
    """Give the demo client a short conversation, the last word of which is new to them."""
    Line.objects.bulk_create(
        [
            Line(
                client=client,
                side=Line.Side.CLIENT,
                body=_("Hello! Can I come half an hour later on Monday?"),
                written_at=now - timedelta(days=2),
                read_at=now - timedelta(days=2),
                is_last=False,
            ),
            Line(
                client=client,
                side=Line.Side.STAFF,
                person_id=NOBODY,
                body=_("Yes, no problem. See you on Monday."),
                written_at=now - timedelta(days=1),
            ),
        ]
    )
