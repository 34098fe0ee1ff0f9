"""The console's page that edits a text message and shows how many segments it takes."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from portal.branding.language_selection import list_available_languages
from portal.messaging.message_kinds import get_placeholders, list_editable_text_kinds
from portal.messaging.message_templates import services
from portal.messaging.message_templates.editable_wording import (
    get_current_wording,
    is_editable,
    render_text_preview,
)
from portal.messaging.message_templates.forms import TextTemplateForm
from tenants import database_clock
from tenants.models import Channel
from tenants.staff.decorators import membership_required
from tenants.staff.request_types import StaffRequest

PAGE, PREVIEW = "console/message_templates/text.html", "console/message_templates/_text_preview.html"


@membership_required("templates.edit", methods=("GET", "POST"))
def edit_text_template(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Show a text as it would arrive and how many segments it takes, and save a new wording of it."""
    _require_editable(kind, language)
    current = get_current_wording(kind, language, Channel.SMS, now=database_clock.now())
    form = TextTemplateForm(request.POST or None, kind=kind, initial=current)
    if form.is_valid() and "preview" not in request.POST:
        _save_text_template(request, kind, language, form.cleaned_data["body"])
        messages.success(request, _("Saved. This text message now uses your text."))
        return redirect("console:text-template", business=request.slug, kind=kind, language=language)
    context = {"form": form, **_build_editor_context(request, kind, language)}
    context |= _build_preview_context(request, kind, form["body"].value() or "")
    status = 422 if form.errors and not request.htmx else 200
    return render(request, PREVIEW if request.htmx else PAGE, context, status=status)


@membership_required("templates.edit", methods=("POST",))
def reset_text_template(request: StaffRequest, kind: str, language: str) -> HttpResponse:
    """Return to the default wording of a text message."""
    _require_editable(kind, language)
    services.reset_template(
        kind=kind, language=language, channel=Channel.SMS, staff=request.staff, now=database_clock.now()
    )
    messages.success(request, _("This text message uses the standard text again."))
    return redirect("console:text-template", business=request.slug, kind=kind, language=language)


def _save_text_template(request: StaffRequest, kind: str, language: str, body: str) -> None:
    services.save_template(
        kind=kind, language=language, channel=Channel.SMS, body=body, staff=request.staff, now=database_clock.now()
    )


def _build_editor_context(request: StaffRequest, kind: str, language: str) -> dict[str, object]:
    return {
        "kind": kind,
        "language": language,
        "name": list_editable_text_kinds()[kind].label,
        "language_name": dict(list_available_languages(request)).get(language, language),
        "placeholders": [(f"{{{name}}}", offered.label) for name, offered in get_placeholders(kind).items()],
        "is_own": services.find_template(kind, language, Channel.SMS) is not None,
    }


def _build_preview_context(request: StaffRequest, kind: str, body: str) -> dict[str, object]:
    """Return the text as it would arrive, filled with sample values, and its segments."""
    preview = render_text_preview(request.business, kind, body, slug=request.slug, now=database_clock.now())
    return {"preview": preview.text, "segment_count": preview.segment_count}


def _require_editable(kind: str, language: str) -> None:
    if not is_editable(kind, language, Channel.SMS):
        raise Http404
