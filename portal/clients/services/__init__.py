"""What can be done with a business's clients, one module per noun; other packages call these functions from here."""

from portal.clients.services.client_creation import add_client
from portal.clients.services.client_details import change_client_details
from portal.clients.services.client_matching import (
    ClientMatch,
    find_clients_with_addresses,
    find_repeated_claim,
    match_client,
)
from portal.clients.services.client_status import archive_client, block_client, confirm_client, restore_client
from portal.clients.services.contacts import add_contact, remove_contact
from portal.clients.services.custom_fields import (
    StaleOrder,
    add_custom_field,
    change_custom_field,
    lock_custom_fields,
    move_custom_field,
    order_custom_fields,
    remove_custom_field,
)
from portal.clients.services.exports import LIST_EXPORT_TYPES, open_list_export, record_export, write_csv, write_xlsx
from portal.clients.services.pagination import (
    CappedCount,
    KeysetPage,
    annotate_addresses_and_tags,
    count_clients,
    get_client_page,
)
from portal.clients.services.person_identities import identify_person, list_shared_addresses
from portal.clients.services.saved_views import (
    MAX_VIEWS,
    VIEW_SHARING_PERMISSION,
    InvalidViewName,
    TooManyViews,
    ViewSharingDenied,
    delete_view,
    list_visible_views,
    save_view,
)
from portal.clients.services.search import SearchQuery, filter_clients, search_clients, search_similar
from portal.clients.services.search_text import build_search_text, update_search_text
from portal.clients.services.tags import (
    NameTaken,
    change_tag,
    create_tag,
    delete_tag,
    get_or_create_tag,
    list_tags_with_counts,
    set_client_tags,
    tag_clients,
    tag_clients_by_name,
    untag_clients,
    untag_clients_by_name,
)

__all__ = [
    "LIST_EXPORT_TYPES",
    "MAX_VIEWS",
    "VIEW_SHARING_PERMISSION",
    "CappedCount",
    "ClientMatch",
    "InvalidViewName",
    "KeysetPage",
    "NameTaken",
    "SearchQuery",
    "StaleOrder",
    "TooManyViews",
    "ViewSharingDenied",
    "add_client",
    "add_contact",
    "add_custom_field",
    "annotate_addresses_and_tags",
    "archive_client",
    "block_client",
    "build_search_text",
    "change_client_details",
    "change_custom_field",
    "change_tag",
    "confirm_client",
    "count_clients",
    "create_tag",
    "delete_tag",
    "delete_view",
    "filter_clients",
    "find_clients_with_addresses",
    "find_repeated_claim",
    "get_client_page",
    "get_or_create_tag",
    "identify_person",
    "list_shared_addresses",
    "list_tags_with_counts",
    "list_visible_views",
    "lock_custom_fields",
    "match_client",
    "move_custom_field",
    "open_list_export",
    "order_custom_fields",
    "record_export",
    "remove_contact",
    "remove_custom_field",
    "restore_client",
    "save_view",
    "search_clients",
    "search_similar",
    "set_client_tags",
    "tag_clients",
    "tag_clients_by_name",
    "untag_clients",
    "untag_clients_by_name",
    "update_search_text",
    "write_csv",
    "write_xlsx",
]
