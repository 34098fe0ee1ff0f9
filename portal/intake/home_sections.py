"""Links to the contact form on the sign-in page and on the portal's home page."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext

from portal.branding.home_sections import HomeSectionContent, SignInPageLink
from portal.branding.models import PortalSettings
from portal.clients.models import Client
from portal.intake.models import ContactFormSettings
from portal.intake.services import get_contact_form_settings
from tenants.context import get_current_business


def build_contact_form_link(portal_settings: PortalSettings, now: datetime) -> SignInPageLink | None:
    """Return the sign-in page's link to the contact form, if the business has one."""
    return (
        SignInPageLink(gettext("Contact form"), reverse("intake:contact"))
        if _get_contact_form_settings().is_on
        else None
    )


def build_contact_form_home_section(
    client: Client, portal_settings: PortalSettings, now: datetime
) -> HomeSectionContent | None:
    """Return the home page's section for the contact form, if the business has one."""
    return HomeSectionContent("portal/intake/_card.html") if _get_contact_form_settings().is_on else None


def _get_contact_form_settings() -> ContactFormSettings:
    business = get_current_business()
    assert business, "the contact form is a business's own"
    return get_contact_form_settings(business)
