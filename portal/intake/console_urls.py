"""Where do staff find what came by the contact form, and the form itself?"""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from portal.intake.console import card, enquiries, form, suggestions
from tenants.staff.navigation import NavItem

NAV_ITEM = NavItem(
    label=_("Enquiries"), url_name="enquiries", icon="inbox-arrow-down", permission="clients.view", position=15
)
FORM = NavItem(
    label=_("Contact form"),
    url_name="contact-form",
    icon="pencil-square",
    permission="portal.edit",
    position=40,
    about=_("What people who are not on your list are asked when they write to you."),
)

urlpatterns = [
    path("enquiries/", enquiries.listing, name="enquiries"),
    path("enquiries/<uuid:pk>/", enquiries.enquiry, name="enquiry"),
    path("enquiries/<uuid:pk>/read/", enquiries.read, name="enquiry-read"),
    path("enquiries/<uuid:pk>/assign/", enquiries.assign, name="enquiry-assign"),
    path("enquiries/differences/", suggestions.listing, name="suggestions"),
    path("enquiries/differences/<uuid:pk>/accept/", suggestions.accept, name="suggestion-accept"),
    path("enquiries/differences/<uuid:pk>/dismiss/", suggestions.dismiss, name="suggestion-dismiss"),
    path("clients/<uuid:pk>/enquiries/", card.enquiries, name="client-enquiries"),
    path("settings/contact-form/", form.form, name="contact-form"),
]
