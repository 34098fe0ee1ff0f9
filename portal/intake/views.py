"""The public pages of the contact form."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_safe

from portal.access import services as access
from portal.access.network_limits import rate_limit, set_retry_after
from portal.access.request_types import SessionRequest
from portal.access.views.browser_tokens import get_browser_tokens
from portal.clients.models import ContactKind
from portal.embeds.framing import embeddable, list_embedding_origins
from portal.intake import services
from portal.intake.form_limits import FormSender, TooManyForms
from portal.intake.form_tokens import has_waited, issue_form_token, issue_wait_token
from portal.intake.forms import EnquiryForm
from portal.intake.models import ContactFormSettings
from portal.intake.submitted_forms import build_enquiry_form, submit_enquiry
from tenants import database_clock
from tenants.client_ip import get_client_network, get_client_network_block


@dataclass(frozen=True)
class ContactFormPage:
    """Where the contact form is shown: its template, where its sender goes next, and whether it knows its visitor."""

    template: str
    thanks_url_name: str
    knows_visitor: bool


PORTAL_PAGE = ContactFormPage("portal/intake/contact.html", "intake:thanks", knows_visitor=True)
EMBEDDED_PAGE = ContactFormPage("portal/intake/embedded_contact.html", "intake:embedded-thanks", knows_visitor=False)


@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("contact", "CONTACT_FORMS_PER_IP")
def submit_contact_form(request: SessionRequest) -> HttpResponse:
    """Show the contact form and receive it. The answer is the same whether or not the sender is on the client list."""
    return _submit_form(request, PORTAL_PAGE)


@embeddable
@require_http_methods(["GET", "HEAD", "POST"])
@rate_limit("contact", "CONTACT_FORMS_PER_IP")
def submit_embedded_contact_form(request: SessionRequest) -> HttpResponse:
    """Show the contact form in a frame of another website and receive it, whoever has signed in beside it."""
    if not services.has_contact_form(request.business):
        return render(request, "portal/intake/embedded_closed.html", _build_embed_context(request), status=404)
    return _submit_form(request, EMBEDDED_PAGE)


@embeddable
@require_safe
def show_embedded_thank_you(request: SessionRequest) -> HttpResponse:
    """Say thank you in the frame of another website."""
    context = {"contact_form": services.get_contact_form_settings(request.business)}
    return render(request, "portal/intake/embedded_thanks.html", context | _build_embed_context(request))


@require_safe
def show_thank_you(request: SessionRequest) -> HttpResponse:
    """Say thank you; the page is open to anybody."""
    return render(request, "portal/intake/thanks.html", {"contact_form": _get_contact_form_settings(request)})


def build_form_sender(
    request: SessionRequest, idempotency_key: UUID, *, knows_visitor: bool, now: datetime
) -> FormSender:
    """Return who sends a form; in a frame of another website nobody is known, whoever has signed in beside it."""
    return FormSender(
        block=get_client_network_block(request),
        has_waited=has_waited(request.POST.get("wait_token", ""), idempotency_key, now=now),
        is_client=knows_visitor and bool(request.client),
        identify=lambda: _identify_sender(request) if knows_visitor else "",
    )


def _submit_form(request: SessionRequest, page: ContactFormPage) -> HttpResponse:
    contact_form, now = _get_contact_form_settings(request), database_clock.now()
    client = (request.client or None) if page.knows_visitor else None
    form = _build_form(request, page, contact_form, now)
    if request.method != "POST":
        return _render_form(request, page, contact_form, form)
    if not form.is_valid():
        return _render_form(request, page, contact_form, form, status=422)
    try:
        submit_enquiry(
            form,
            business=request.business,
            sender=build_form_sender(request, form.idempotency_key, knows_visitor=page.knows_visitor, now=now),
            client=client,
            network=get_client_network(request),
            language=translation.get_language() or "",
            now=now,
        )
    except TooManyForms as refusal:
        return _refuse_form(request, page, contact_form, form, refusal, now=now)
    return redirect(page.thanks_url_name)


def _get_contact_form_settings(request: SessionRequest) -> ContactFormSettings:
    """Return the business's contact form. Raises Http404 where it has none."""
    contact_form = services.get_contact_form_settings(request.business)
    if not contact_form.is_on:
        raise Http404
    return contact_form


def _build_form(
    request: SessionRequest, page: ContactFormPage, contact_form: ContactFormSettings, now: datetime
) -> EnquiryForm:
    data = request.POST if request.method == "POST" else None
    initial = _build_initial_values(request) if data is None and page.knows_visitor else None
    return build_enquiry_form(data, contact_form=contact_form, business=request.business, initial=initial, now=now)


def _build_initial_values(request: SessionRequest) -> dict[str, str]:
    """Return what a client who is signed in need not type."""
    session = request.client_session
    if not session:
        return {}
    field = "email" if session.identifier_kind == ContactKind.EMAIL else "mobile"
    return {"name": session.client.name, field: session.address}


def _identify_sender(request: SessionRequest) -> str:
    """Return a key of the client who is signed in, or of a recognised browser; empty for all others."""
    if request.client:
        return str(request.client.pk)
    browser = get_browser_tokens(request)
    is_recognised = browser.token and access.is_recognised_browser(browser_digest=browser.browser_digest)
    return browser.browser_digest.hex() if is_recognised else ""


def _refuse_form(
    request: SessionRequest,
    page: ContactFormPage,
    contact_form: ContactFormSettings,
    form: EnquiryForm,
    refusal: TooManyForms,
    *,
    now: datetime,
) -> HttpResponse:
    """Say when to send the form again, and keep what was typed."""
    context: dict[str, Any] = {"retry_at": refusal.retry_at, "is_wait": refusal.is_wait}
    if refusal.is_wait:
        context["wait_token"] = issue_wait_token(form.idempotency_key, now=now)
    response = _render_form(request, page, contact_form, form, status=429, **context)
    return set_retry_after(response, refusal.retry_at)


def _render_form(
    request: SessionRequest,
    page: ContactFormPage,
    contact_form: ContactFormSettings,
    form: EnquiryForm,
    *,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    issued_at = form.token_issued_at
    form_token = issue_form_token(request.business, now=issued_at) if issued_at else request.POST["form_token"]
    is_trapped = "leave_empty" in form.errors
    context.setdefault("wait_token", request.POST.get("wait_token", ""))
    context |= {"contact_form": contact_form, "form": form, "form_token": form_token, "is_trapped": is_trapped}
    context |= {} if page.knows_visitor else _build_embed_context(request)
    return render(request, page.template, context, status=status)


def _build_embed_context(request: SessionRequest) -> dict[str, Any]:
    """Return what the template of a page in a frame says to the websites that may show it."""
    return {"embedding_origins": [settings.PUBLIC_URL, *list_embedding_origins(request)]}
