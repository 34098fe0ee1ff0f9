"""The console's list of message templates, and the page that edits and previews a mail."""

from collections.abc import Mapping
from typing import Any

from csp.decorators import csp, csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin

from portal.branding.language_selection import list_available_languages
from portal.messaging.message_kinds import get_placeholders, list_editable_mail_kinds, list_editable_text_kinds
from portal.messaging.message_templates import services
from portal.messaging.message_templates.editable_wording import (
    get_current_wording,
    is_editable,
    render_mail_preview,
)
from portal.messaging.message_templates.forms import MailTemplateForm
from portal.messaging.models import MessageTemplate
from tenants import database_clock
from tenants.models import Channel
from tenants.nouns.message_declarations import MessageKind
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

# The preview frame shows a mail with its own inline styles, and nothing in it may load or run.
PREVIEW_CSP = {
    "default-src": ["'none'"],
    "style-src": ["'unsafe-inline'"],
    "base-uri": ["'none'"],
    "form-action": ["'none'"],
    "frame-ancestors": ["'self'"],
    "sandbox": [],
}


@membership_required("messages.view")
def list_message_templates(request: StaffRequest) -> HttpResponse:
    """List the mails and texts that clients get, each in every language of the business."""
    saved = {(template.kind, template.language, template.channel) for template in MessageTemplate.objects.all()}

    def list_template_rows(kinds: Mapping[str, MessageKind], channel: str) -> list[tuple]:
        languages = list_available_languages(request)
        return [
            (key, kind.label, [(code, name, (key, code, channel) in saved) for code, name in languages])
            for key, kind in kinds.items()
        ]

    context = {
        "mails": list_template_rows(list_editable_mail_kinds(), Channel.EMAIL),
        "texts": list_template_rows(list_editable_text_kinds(), Channel.SMS),
    }
    return render(request, "console/message_templates/listing.html", context)


@csp_update({"frame-src": ["'self'"]})
@membership_required("templates.edit", methods=("GET", "POST"))
def edit_mail_template(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Show a mail as it would arrive, and save a new wording of it."""
    _require_editable(kind, language)
    current = get_current_wording(kind, language, Channel.EMAIL, now=database_clock.now())
    form = MailTemplateForm(request.POST or None, kind=kind, initial=current)
    if form.is_valid():
        services.save_template(
            kind=kind, language=language, staff=request.staff, now=database_clock.now(), **form.cleaned_data
        )
        messages.success(request, _("Saved. This email now uses your text."))
        return _redirect_to_template(request, kind, language)
    return _render_mail_editor(request, kind, language, form)


@membership_required("templates.edit", methods=("POST",))
def reset_mail_template(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Return to the default wording of a mail."""
    _require_editable(kind, language)
    services.reset_template(kind=kind, language=language, staff=request.staff, now=database_clock.now())
    messages.success(request, _("This email uses the standard text again."))
    return _redirect_to_template(request, kind, language)


@membership_required("templates.edit", methods=("POST",))
def send_sample(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Send the mail, as it is saved, to the person who asks for it."""
    _require_editable(kind, language)
    services.send_sample(kind=kind, language=language, to=request.person.email, now=database_clock.now())
    messages.success(request, _("A test email was sent to %(address)s.") % {"address": request.person.email})
    return _redirect_to_template(request, kind, language)


@xframe_options_sameorigin
@csp(PREVIEW_CSP)
@membership_required("templates.edit", methods=("GET", "POST"))
def preview_mail_template(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Return the mail as HTML: as it is saved (GET), or with the wording in the form (POST)."""
    _require_editable(kind, language)
    template = services.find_template(kind, language)
    if request.method == "POST":
        form = MailTemplateForm(request.POST, kind=kind)
        if not form.is_valid():
            return render(request, "console/message_templates/invalid.html", {"form": form}, status=422)
        template = MessageTemplate(kind=kind, language=language, **form.cleaned_data)
    mail = render_mail_preview(request.business, kind, language, template, slug=request.slug, now=database_clock.now())
    return HttpResponse(mail.html)


def _render_mail_editor(request: StaffRequest, kind: str, language: str, form: MailTemplateForm) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "kind": kind,
        "language": language,
        "name": list_editable_mail_kinds()[kind].label,
        "language_name": dict(list_available_languages(request)).get(language, language),
        "placeholders": [(f"{{{name}}}", offered.label) for name, offered in get_placeholders(kind).items()],
        "is_own": services.find_template(kind, language) is not None,
    }
    return render(request, "console/message_templates/mail.html", context, status=422 if form.is_bound else 200)


def _require_editable(kind: str, language: str) -> None:
    if not is_editable(kind, language, Channel.EMAIL):
        raise Http404


def _redirect_to_template(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    return redirect("console:mail-template", business=request.slug, kind=kind, language=language)
