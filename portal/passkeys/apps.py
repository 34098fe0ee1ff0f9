"""The Django app of passkeys, and what it adds elsewhere."""

from django.utils.translation import gettext_lazy as _

from portal.access.apps import DEVICE
from portal.messaging.message_templates.common_placeholders import SENT_AT
from portal.passkeys.kinds import PasskeyEvent, PasskeyMessageKind
from tenants.nouns.app_config import NounConfig
from tenants.nouns.declarations import PortalSection, UrlInclude
from tenants.nouns.message_declarations import MessageKind
from tenants.nouns.sign_in_methods import SignInMethod


class PasskeysConfig(NounConfig):
    """Passkeys of clients: signing in without a code, and never without the possibility of one."""

    name = "portal.passkeys"

    portal_urls = (UrlInclude("passkeys/", "portal.passkeys.urls", nav_url_name="access:sessions"),)
    console_urls = (UrlInclude("clients/", "portal.passkeys.console_urls"),)
    client_api_urls = (
        UrlInclude("me/passkeys/", "api.portal.passkeys.urls"),
        UrlInclude("sign-in/passkey-challenges/", "api.portal.passkeys.sign_in_urls"),
    )
    portal_sections = (
        PortalSection(
            "passkey-offer",
            _("Offer of a passkey"),
            build="portal.passkeys.home_sections.build_passkey_offer",
            position=85,
        ),
    )
    sign_in_methods = (
        SignInMethod(
            sign_in_template="portal/passkeys/_sign_in.html",
            devices_template="portal/passkeys/_devices.html",
            build_devices_context="portal.passkeys.views.devices.build_devices_context",
            card_template="console/clients/card/_passkeys.html",
            build_card_context="portal.passkeys.console.build_card_context",
            revoke="portal.passkeys.services.remove_passkeys_of_address",
        ),
    )

    event_types = PasskeyEvent
    event_areas = {"passkeys": _("Passkeys")}
    non_personal_event_keys = ("reason",)
    event_presenter = "portal.passkeys.presenters.PasskeyEventPresenter"

    message_kinds = (
        MessageKind(
            PasskeyMessageKind.ADDED,
            label=_("A client added a passkey"),
            placeholders=(DEVICE, SENT_AT),
            is_sent_as_text=True,
            is_about_access=True,
        ),
        MessageKind(
            PasskeyMessageKind.REMOVED,
            label=_("A client’s passkey was removed"),
            placeholders=(DEVICE, SENT_AT),
            is_sent_as_text=True,
            is_about_access=True,
        ),
    )

    personal_data = "portal.passkeys.personal_data.POLICIES"
    purges = ("portal.passkeys.purges.purge_used_challenges",)
