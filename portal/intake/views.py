"""How does somebody who is not on the client list reach the business?"""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods, require_safe

from portal.access.limits import full_until, limited, with_retry_after
from portal.clients.models import Contact, CustomField
from portal.intake import services
from portal.intake.forms import EnquiryForm
from portal.intake.models import ContactForm
from portal.intake.stamps import new_stamp
from tenants.client_ip import client_network


@require_http_methods(["GET", "HEAD", "POST"])
@limited("contact", "CONTACT_FORMS_PER_IP")
def contact(request: HttpRequest) -> HttpResponse:
    """Take down who somebody is and what they want, and answer alike whether or not we know them."""
    asks, now = _form(request), timezone.now()
    form = _enquiry(request, asks, now)
    if request.method != "POST":
        return _page(request, asks, form)
    if not form.is_valid():
        return _page(request, asks, form, status=422)
    if until := full_until("contact-all", "CONTACT_FORMS_PER_BUSINESS", request):
        return with_retry_after(_page(request, asks, form, status=429, full_until=until), until)
    client = request.client or None
    services.receive(business=request.business, enquiry=_told(request, form), client=client, now=now)
    return redirect("intake:thanks")


@require_safe
def thanks(request: HttpRequest) -> HttpResponse:
    """Say thank you; anybody may read that."""
    return render(request, "portal/intake/thanks.html", {"asks": _form(request)})


def _form(request: HttpRequest) -> ContactForm:
    """Return the business's form. Raises Http404 where it has none."""
    asks = services.current_form(request.business)
    if not asks.is_on:
        raise Http404
    return asks


def _enquiry(request: HttpRequest, asks: ContactForm, now: datetime) -> EnquiryForm:
    fields = CustomField.objects.filter(pk__in=asks.custom) if asks.custom else []
    data = request.POST if request.method == "POST" else None
    initial = _of_card(request) if data is None else None
    return EnquiryForm(data, asks=asks, fields=fields, business=request.business, now=now, initial=initial)


def _of_card(request: HttpRequest) -> dict[str, str]:
    """Return what a client who is signed in need not type again."""
    if not request.client:
        return {}
    session = request.client_session
    field = "email" if session.identifier_kind == Contact.Kind.EMAIL else "mobile"
    return {"name": request.client.name, field: session.address}


def _told(request: HttpRequest, form: EnquiryForm) -> services.Enquiry:
    return services.Enquiry(
        ticket=form.ticket,
        name=form.cleaned_data["name"],
        identifiers=form.identifiers,
        network=client_network(request),
        message=form.cleaned_data.get("message", ""),
        custom=form.answers,
        language=translation.get_language() or "",
    )


def _page(
    request: HttpRequest, asks: ContactForm, form: EnquiryForm, *, status: int = 200, **context: Any
) -> HttpResponse:
    given_at = form.new_stamp_from
    stamp = new_stamp(request.business, now=given_at) if given_at else request.POST["stamp"]
    context |= {"asks": asks, "form": form, "stamp": stamp, "trapped": "homepage" in form.errors}
    return render(request, "portal/intake/contact.html", context, status=status)
