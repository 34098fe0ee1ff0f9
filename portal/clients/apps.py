"""The Django app for a business's clients, and what it adds elsewhere."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from portal.clients.kinds import ClientEvent, ClientJob, ClientSource
from tenants.nouns.api_declarations import ApiScope, WebhookEventType
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import (
    EDITING_ROLES,
    EVERY_ROLE,
    MANAGING_ROLES,
    HomeStatistic,
    NavItem,
    Permission,
    SearchSource,
    UrlInclude,
)
from tenants.nouns.job_declarations import PeriodicJob, RowJob
from tenants.nouns.platform_events import PlatformEvent
from tenants.queues import Queue

BUILD_CLIENTS = "api.clients.webhook_data.build_clients"


class ClientsConfig(NounConfig):
    """The client list: clients, their contacts, tags, notes, custom fields and uploads."""

    name = "portal.clients"

    permissions = (
        Permission("clients.view", EVERY_ROLE),
        Permission("clients.edit", EDITING_ROLES),
        Permission("clients.export", MANAGING_ROLES),
        Permission("clients.merge", MANAGING_ROLES),
        Permission("clients.erase", MANAGING_ROLES),
        Permission("custom_fields.edit", MANAGING_ROLES),
        Permission("saved_views.edit", EVERY_ROLE),
        Permission("uploads.run", MANAGING_ROLES),
    )
    console_urls = (
        UrlInclude("settings/client-fields/", "portal.clients.settings_urls"),
        UrlInclude("clients/uploads/", "portal.clients.uploads.console_urls"),
        UrlInclude("clients/", "portal.clients.console_urls"),
    )
    business_api_urls = (
        UrlInclude("clients/bulk/", "api.bulk_upserts.urls"),
        UrlInclude("clients/", "api.clients.urls"),
        UrlInclude("custom-fields/", "api.custom_fields.urls"),
        UrlInclude("saved-views/", "api.saved_views.urls"),
        UrlInclude("tags/", "api.tags.urls"),
        UrlInclude("uploads/", "api.uploads.urls"),
    )
    api_scopes = (
        ApiScope("clients:read", _("Read clients"), ("clients.view",)),
        ApiScope("clients:write", _("Add and change clients"), ("clients.edit",)),
        ApiScope("clients:merge", _("Merge clients"), ("clients.merge",)),
        ApiScope("clients:erase", _("Erase clients"), ("clients.erase",)),
        ApiScope("clients:export", _("Export clients"), ("clients.export",)),
        ApiScope("custom-fields:write", _("Change custom fields"), ("custom_fields.edit",)),
        ApiScope("saved-views:write", _("Save views of the client list"), ("saved_views.edit",)),
        ApiScope("uploads:run", _("Upload client lists"), ("uploads.run",)),
    )
    webhook_events = (
        WebhookEventType("client.created", _("A client was added"), (ClientEvent.ADDED,), BUILD_CLIENTS),
        WebhookEventType(
            "client.updated",
            _("A client’s card was changed"),
            (ClientEvent.CHANGED, ClientEvent.TAGS_CHANGED, ClientEvent.CONFIRMED),
            BUILD_CLIENTS,
        ),
        WebhookEventType("client.archived", _("A client was archived"), (ClientEvent.ARCHIVED,), BUILD_CLIENTS),
        WebhookEventType("client.blocked", _("A client was blocked"), (ClientEvent.BLOCKED,), BUILD_CLIENTS),
        WebhookEventType("client.restored", _("A client was restored"), (ClientEvent.RESTORED,), BUILD_CLIENTS),
        WebhookEventType(
            "client.merged",
            _("Two cards of a client were merged"),
            (ClientEvent.MERGED,),
            "api.clients.webhook_data.build_merged_clients",
        ),
        WebhookEventType(
            "client.erased",
            _("A client’s data was erased"),
            (ClientEvent.ERASED,),
            "api.clients.webhook_data.build_empty_data",
        ),
        WebhookEventType(
            "contact.changed",
            _("An address of a client was added, changed or removed"),
            (ClientEvent.CONTACT_CHANGED,),
            BUILD_CLIENTS,
        ),
    )
    nav_items = (NavItem(label=_("Clients"), url_name="clients", icon="users", permission="clients.view", position=10),)
    settings_pages = (
        NavItem(
            label=_("Custom fields"),
            url_name="client-fields",
            icon="clipboard-document-list",
            permission="custom_fields.edit",
            position=20,
            about=_("Additional fields on every client card."),
        ),
    )
    search_sources = (
        SearchSource(
            label=_("Clients"),
            permission="clients.view",
            find="portal.clients.console.search.find_clients",
            position=10,
        ),
    )
    home_statistics = (HomeStatistic("clients.view", "portal.clients.home_statistics.build_statistic", position=10),)

    client_sources = ClientSource
    event_types = ClientEvent
    event_areas = {"clients": _("Clients")}
    non_personal_event_keys = ("source", "kind", "count", "erased")
    event_presenter = "portal.clients.presenters.ClientEventPresenter"
    personal_data = "portal.clients.personal_data.POLICIES"
    periodic_jobs = (
        PeriodicJob(
            name="requeue-stalled-uploads",
            run="portal.clients.uploads.services.requeue_stalled_uploads",
            interval=timedelta(minutes=2),
            is_quick=True,
        ),
    )
    row_jobs = (
        RowJob(
            ClientJob.PROCESS_UPLOAD,
            run="portal.clients.uploads.jobs.process_upload",
            queue=Queue.BULK,
            max_age=timedelta(hours=1),
            time_limit=timedelta(minutes=10),
            on_stop="portal.clients.uploads.jobs.stop_upload",
            on_resume="portal.clients.uploads.jobs.resume_upload",
            url_name="upload",
        ),
    )
    purges = (
        "portal.clients.purges.purge_upload_rows",
        "portal.clients.purges.purge_upload_files",
        "portal.clients.purges.purge_unimported_uploads",
    )

    event_handlers = {PlatformEvent.MEMBER_REMOVED: "portal.clients.services.saved_views.delete_views_of_member"}

    demo_client_seeder = "portal.clients.demo.seed_demo_client"
    demo_business_seeder = "portal.clients.demo.seed_demo_business"
