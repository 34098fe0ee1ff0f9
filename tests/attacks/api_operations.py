"""The table of the business API: the permission that each operation requires."""

from api.schema.documents import BUSINESS_SCHEMA
from tests.api.schema.operations import Operation, list_operations

# A key needs a scope with the permission, and whoever made it a role with it.
PERMISSIONS = {
    "list_clients": "clients.view",
    "get_client": "clients.view",
    "bulk_upsert_clients": "uploads.run",
    "get_bulk_upsert": "uploads.run",
    "list_bulk_upsert_results": "uploads.run",
    "list_uploads": "uploads.run",
    "create_upload": "uploads.run",
    "get_upload": "uploads.run",
    "discard_upload": "uploads.run",
    "get_upload_columns": "uploads.run",
    "set_upload_columns": "uploads.run",
    "update_upload_format": "uploads.run",
    "list_upload_rows": "uploads.run",
    "answer_upload_rows": "uploads.run",
    "import_upload": "uploads.run",
    "undo_upload_import": "uploads.run",
    "download_failed_upload_rows": "uploads.run",
    "list_activity": "activity.view",
    "export_activity": "activity.export",
    "list_conversations": "messages.view",
    "list_chat_messages": "messages.view",
    "send_chat_message": "messages.send",
    "mark_conversation_read": "messages.send",
    "list_messages": "messages.view",
    "get_message": "messages.view",
    "list_enquiries": "enquiries.view",
    "get_enquiry": "enquiries.view",
    "update_enquiry": "enquiries.edit",
    "assign_enquiry": "enquiries.edit",
    "list_suggestions": "clients.view",
    "get_suggestion": "clients.view",
    "accept_suggestion": "clients.edit",
    "dismiss_suggestion": "clients.edit",
    "list_tags": "clients.view",
    "get_tag": "clients.view",
    "create_tag": "clients.edit",
    "update_tag": "clients.edit",
    "delete_tag": "clients.edit",
}
OPERATIONS: dict[str, Operation] = {operation.id: operation for operation in list_operations(BUSINESS_SCHEMA)}
