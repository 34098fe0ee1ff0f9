"""What does the business ask on its contact form?"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.clients.models import CustomField
from portal.intake import services
from portal.intake.choices_form import ChoicesForm
from portal.intake.models import ContactForm
from tenants.hostnames import portal_url
from tenants.staff.decorators import membership_required


@membership_required("portal.edit", methods=("GET", "POST"))
def form(request: HttpRequest) -> HttpResponse:
    """Choose whether there is a contact form, what it asks and what it says."""
    asks = ContactForm.objects.filter(pk=1).first() or ContactForm()
    choices = ChoicesForm(request.POST or None, asks=asks, fields=CustomField.objects.all())
    if choices.is_valid():
        services.change_form(business=request.business, staff=request.staff, now=timezone.now(), **choices.decided)
        messages.success(request, _("Saved. The form shows it within seconds."))
        return redirect("console:contact-form", business=request.slug)
    context = {"form": choices, "asks": asks, "url": portal_url(request.business, "/contact/")}
    return render(request, "console/intake/form.html", context, status=422 if choices.errors else 200)
