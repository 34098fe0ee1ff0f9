"""Where is the contact form named: to people who can't sign in, and to those who have?"""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.clients.models import Client
from portal.intake.models import ContactForm
from portal.intake.services import current_form
from portal.profile.models import Profile
from portal.ui.sections import PortalSection, SignInLink, allow_hiding
from tenants.context import current_business


def contact_form_way_in(client: None, profile: Profile, now: datetime) -> SignInLink | None:
    """Let people who are not on the client list introduce themselves."""
    return SignInLink(gettext("Contact form"), reverse("intake:contact")) if _form().is_on else None


@allow_hiding("contact-form", _("Contact form"))
def contact_form_card(client: Client, profile: Profile, now: datetime) -> PortalSection | None:
    """Let clients write from their home."""
    return PortalSection("contact-form", "portal/intake/_card.html", order=85) if _form().is_on else None


def _form() -> ContactForm:
    business = current_business()
    assert business, "the contact form is a business's own"
    return current_form(business)
