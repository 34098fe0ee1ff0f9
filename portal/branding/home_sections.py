"""The sections of a client's home page and the links on the sign-in page, as nouns declare them."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.utils.functional import Promise

from portal.branding.models import PortalSettings
from tenants.nouns import page_registry, registry
from tenants.nouns.declarations import PortalSection


@dataclass(frozen=True)
class HomeSectionContent:
    """What one section shows a client; its template reads `context` as `card`. Urgent ones come before all others."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)
    is_urgent: bool = False


@dataclass(frozen=True)
class SignInPageLink:
    """One link on the sign-in page, for people who are not on the client list. Lower positions come first."""

    label: str
    url: str
    position: int = 100


def build_visible_sections(
    *, client: Model, portal_settings: PortalSettings, now: datetime
) -> list[HomeSectionContent]:
    """Return the sections of a client's home page in order, without empty and hidden ones."""
    shown = (
        section
        for section in page_registry.list_portal_sections()
        if section.key not in portal_settings.hidden_sections
    )
    contents = (_build_home_section(section, client, portal_settings, now) for section in shown)
    return sorted((content for content in contents if content), key=lambda content: not content.is_urgent)


def list_hideable_sections() -> list[tuple[str, str | Promise]]:
    """Return the key and label of every section that a business can hide."""
    return [(section.key, section.label) for section in page_registry.list_portal_sections()]


def build_sign_in_page_links(*, portal_settings: PortalSettings, now: datetime) -> list[SignInPageLink]:
    """Return the links that this business offers people who can't sign in yet, in order."""
    links = (
        registry.import_dotted_path(path)(portal_settings, now) for path in page_registry.list_sign_in_link_paths()
    )
    return sorted((link for link in links if link), key=lambda link: link.position)


def _build_home_section(
    section: PortalSection, client: Model, portal_settings: PortalSettings, now: datetime
) -> HomeSectionContent | None:
    return registry.import_dotted_path(section.build)(client, portal_settings, now)
