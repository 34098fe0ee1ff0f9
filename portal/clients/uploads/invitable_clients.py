"""The clients of an upload who can be invited to the portal."""

from django.db.models import Exists, OuterRef, QuerySet

from portal.activity.models import Entry
from portal.clients.kinds import ClientEvent
from portal.clients.models import Client, Contact, ContactKind
from portal.clients.uploads.models import RowOutcome, Upload, UploadRow


def query_invitable_clients(upload: Upload) -> QuerySet[Client]:
    """Return an upload's new active clients who can sign in by email and have neither been invited nor signed in."""
    imported = UploadRow.objects.filter(upload=upload, outcome=RowOutcome.NEW).values("client_id")
    mailboxes = Contact.objects.filter(client=OuterRef("pk"), kind=ContactKind.EMAIL, may_sign_in=True)
    invited = Entry.objects.filter(client=OuterRef("pk"), event_type=ClientEvent.INVITED)
    new = Client.objects.exclude_unlisted().active().filter(pk__in=imported, signed_in_at=None)
    return new.filter(Exists(mailboxes)).exclude(Exists(invited))
