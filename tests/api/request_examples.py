"""A request to each write of the business API that does all that the operation can do."""

from datetime import timedelta
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image

from portal.access.models import Challenge
from portal.clients.models import Client, Note, Suggestion, SuggestionKind, Upload
from portal.clients.uploads.bulk_upserts import FIRST_ROW
from portal.clients.uploads.models import RowOutcome, UploadRow, UploadState
from portal.intake.models import Enquiry
from portal.messaging.models import Notification
from portal.signin_support.support_tickets import STAFF_RESOLUTIONS
from tenants.models import SupportTicket
from tests.api.example import Example, Ids
from tests.api.scheduling.examples import SCHEDULING_EXAMPLES

__all__ = ["EXAMPLES", "Example", "Ids"]


def set_client_status(ids: Ids, status: str) -> None:
    """Give the client another status."""
    Client.objects.filter(pk=ids["client_id"]).update(status=status)


def set_upload_state(ids: Ids, state: UploadState) -> None:
    """Put the upload into another state."""
    Upload.objects.filter(pk=ids["upload_id"]).update(state=state)


def ask_who_a_row_is(ids: Ids) -> None:
    """Finish the bulk upsert with a question about its row."""
    set_upload_state(ids, UploadState.DONE)
    fields = {"name": "Bo", "emails": ["ana@example.com"], "outcome": RowOutcome.REVIEW}
    UploadRow.objects.create(upload_id=ids["upload_id"], number=FIRST_ROW, **fields)


def let_owner_write_note(ids: Ids) -> None:
    """Make whoever made the key the author of the note."""
    Note.objects.filter(pk=ids["note_id"]).update(author_id=ids["owner_id"])


def let_owner_be_notified(ids: Ids) -> None:
    """Make the notification one of whoever made the key."""
    Notification.objects.filter(pk=ids["notification_id"]).update(person_id=ids["owner_id"])


def let_owner_open_ticket(ids: Ids) -> None:
    """Make whoever made the key the one who opened the ticket."""
    SupportTicket.objects.filter(pk=ids["ticket_id"]).update(opened_by_id=ids["owner_id"])


def suggest_address(ids: Ids) -> None:
    """Make the suggestion one of an address."""
    Suggestion.objects.filter(pk=ids["suggestion_id"]).update(kind=SuggestionKind.EMAIL, value="ana@work.example")


def let_client_wait(ids: Ids) -> None:
    """Let the client have waited long enough for another code."""
    Challenge.objects.filter(pk=ids["attempt_id"]).update(sent_at=[timezone.now() - timedelta(minutes=6)])


def make_enquiry_ambiguous(ids: Ids) -> None:
    """Have the enquiry match both clients."""
    keys = [ids["client_id"], ids["duplicate_id"]]
    Enquiry.objects.filter(pk=ids["enquiry_id"]).update(client=None, match_result=Enquiry.MatchResult.AMBIGUOUS)
    fields = {"client": None, "kind": SuggestionKind.AMBIGUOUS, "submitted_data": {"clients": keys}}
    Suggestion.objects.filter(pk=ids["suggestion_id"]).update(subject_id=ids["enquiry_id"], **fields)


def select_clients(ids: Ids) -> dict[str, Any]:
    """Return a body that names both clients."""
    return {"clients": [ids["client_id"], ids["duplicate_id"]]}


def draw_picture(ids: Ids) -> bytes:
    """Return a small picture."""
    file = BytesIO()
    Image.new("RGB", (8, 8), "red").save(file, "PNG")
    return file.getvalue()


EXAMPLES: dict[str, Example] = SCHEDULING_EXAMPLES | {
    "create_client": Example(
        lambda ids: {
            "name": "Bo",
            "contacts": [{"value": "bo@example.com"}, {"value": "+44 7700 900123"}],
            "tags": [{"name": "VIP"}, {"name": "New"}],
        },
    ),
    "update_client": Example(lambda ids: {"name": "Anna", "language": "de"}),
    "archive_client": Example(),
    "block_client": Example(),
    "restore_client": Example(prepare=lambda ids: set_client_status(ids, "blocked")),
    "confirm_client": Example(),
    "merge_clients": Example(lambda ids: {}),
    "erase_client": Example(
        lambda ids: {"name": "Ana Pereira"},
    ),
    "create_contact": Example(lambda ids: {"value": "ana@work.example"}),
    "update_contact": Example(lambda ids: {"value": "ana@work.example", "label": "Work"}),
    "delete_contact": Example(),
    "confirm_contact": Example(),
    "create_note": Example(lambda ids: {"body": "Called."}),
    "update_note": Example(lambda ids: {"body": "Called again."}, let_owner_write_note),
    "delete_note": Example(prepare=let_owner_write_note),
    "end_client_sessions": Example(),
    "end_client_session": Example(),
    "delete_client_passkey": Example(),
    "add_client_tag": Example(lambda ids: {"name": "New"}),
    "set_client_tags": Example(
        lambda ids: {"items": [{"name": name} for name in ("VIP", "New", "Other")]},
    ),
    "remove_client_tag": Example(),
    "create_custom_field": Example(lambda ids: {"name": "Colour", "kind": "text"}),
    "update_custom_field": Example(lambda ids: {"name": "Height"}),
    "delete_custom_field": Example(),
    "order_custom_fields": Example(lambda ids: {"ids": [ids["field_id"]]}),
    "bulk_upsert_clients": Example(lambda ids: {"rows": [{"name": "Bo", "emails": ["bo@example.com"]}]}),
    "answer_bulk_upsert": Example(lambda ids: {"answers": [{"row": 0, "decision": "separate"}]}, ask_who_a_row_is),
    "create_upload": Example(
        lambda ids: {"file": SimpleUploadedFile("list.csv", b"Name,Email\nBo,bo@example.com\n")},
        content_type="multipart/form-data",
    ),
    "discard_upload": Example(),
    "set_upload_columns": Example(lambda ids: {"targets": ["name", "email", "", ""]}),
    "update_upload_format": Example(lambda ids: {"has_headings": True}),
    "answer_upload_rows": Example(
        lambda ids: {"decision": "separate"},
        lambda ids: set_upload_state(ids, UploadState.CHECKED),
    ),
    "import_upload": Example(lambda ids: {"on_match": "fill"}, lambda ids: set_upload_state(ids, UploadState.CHECKED)),
    "undo_upload_import": Example(prepare=lambda ids: set_upload_state(ids, UploadState.DONE)),
    "send_chat_message": Example(
        lambda ids: {"body": "Hello."},
    ),
    "mark_conversation_read": Example(),
    "update_enquiry": Example(lambda ids: {"is_read": True}),
    "assign_enquiry": Example(
        lambda ids: {"client": ids["client_id"]},
        make_enquiry_ambiguous,
    ),
    "accept_suggestion": Example(lambda ids: {"may_sign_in": True}, suggest_address),
    "dismiss_suggestion": Example(),
    "update_member": Example(lambda ids: {"role": "manager"}),
    "remove_member": Example(),
    "invite_member": Example(
        lambda ids: {"email": "kim@example.com", "role": "staff"},
    ),
    "resend_invitation": Example(),
    "withdraw_invitation": Example(),
    "update_portal_settings": Example(lambda ids: {"welcome": "Hello.", "name": "Acme", "resend_wait_minutes": 5}),
    "set_logo": Example(draw_picture, content_type="image/png"),
    "remove_logo": Example(),
    "change_portal_address": Example(
        lambda ids: {"slug": "acme-physio"},
    ),
    "add_custom_domain": Example(lambda ids: {"domain": "clients.acme.example"}),
    "release_custom_domain": Example(),
    "check_custom_domain": Example(),
    "update_contact_form_settings": Example(lambda ids: {"is_on": True, "intro": "Hello."}),
    "look_up_client": Example(lambda ids: {"typed": "ana@example.com"}),
    "create_attempt_link": Example(lambda ids: {"contact": ids["contact_id"]}),
    "send_code": Example(
        lambda ids: {"channel": "email"},
        let_client_wait,
    ),
    "remove_suppression": Example(),
    "open_support_ticket": Example(lambda ids: {"typed": "nobody@example.com"}),
    "close_support_ticket": Example(lambda ids: {"resolution": STAFF_RESOLUTIONS[0].value}, let_owner_open_ticket),
    "lift_sms_stop": Example(),
    "mail_portal_address": Example(lambda ids: {"client": ids["client_id"]}),
    "update_allowed_websites": Example(lambda ids: {"embedding_origins": ["https://acme.example"]}),
    "create_saved_view": Example(lambda ids: {"name": "VIPs", "filters": {"search": "ana"}, "is_shared": True}),
    "delete_saved_view": Example(),
    "set_message_template": Example(lambda ids: {"subject": "News", "body": "Hello."}),
    "reset_message_template": Example(),
    "preview_message_template": Example(lambda ids: {"subject": "News", "body": "Hello."}),
    "mark_notification_read": Example(prepare=let_owner_be_notified),
    "mark_all_notifications_read": Example(prepare=let_owner_be_notified),
    "update_notification_preferences": Example(lambda ids: {"preferences": [{"kind": "new-message", "method": "off"}]}),
    "create_tag": Example(lambda ids: {"name": "New"}),
    "update_tag": Example(lambda ids: {"name": "Newer"}),
    "delete_tag": Example(),
    "tag_clients": Example(select_clients),
    "untag_clients": Example(select_clients),
    "archive_clients": Example(select_clients),
    "restore_clients": Example(select_clients, lambda ids: set_client_status(ids, "archived")),
    "invite_clients": Example(select_clients),
    "invite_new_clients": Example(lambda ids: {}, lambda ids: set_upload_state(ids, UploadState.DONE)),
    "create_webhook": Example(lambda ids: {"url": "https://example.com/hook"}),
    "update_webhook": Example(lambda ids: {"description": "Accounts"}),
    "delete_webhook": Example(),
    "replace_webhook_secret": Example(),
    "test_webhook": Example(),
    "replay_webhook": Example(lambda ids: {"since": (timezone.now() - timedelta(days=1)).isoformat()}),
}
