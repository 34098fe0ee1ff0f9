"""Loads message templates, and judges wordings by the rules of the console's forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404

from api.protocol.error_codes import ErrorCode
from api.protocol.form_problems import check_form
from api.protocol.problems import ApiProblem, FieldError
from portal.messaging.message_kinds import get_placeholders
from portal.messaging.message_templates.editable_wording import get_wording, is_editable, list_editable_kinds
from portal.messaging.message_templates.forms import MailTemplateForm, TextTemplateForm
from portal.messaging.models import MessageTemplate
from tenants.models import Channel

NO_SUBJECT = FieldError("subject", "not_allowed", "A text message has no subject.")


@dataclass(frozen=True)
class TemplateKey:
    """Which mail or text it is: a kind of message on a channel in a language."""

    kind: str
    language: str
    channel: str

    def as_fields(self) -> dict[str, str]:
        """Return the key as the arguments of services and the fields of the model."""
        return {"kind": self.kind, "language": self.language, "channel": self.channel}


def require_key(*, channel: str, kind: str, language: str) -> TemplateKey:
    """Return the key of a message that a business can write. Raises Http404."""
    if channel not in Channel.values or not is_editable(kind, language, channel):
        raise Http404
    return TemplateKey(kind, language, channel)


def present_summary(key: TemplateKey, template: MessageTemplate | None) -> dict[str, Any]:
    """Return what the list shows of a template; None stands for the default."""
    return {
        "channel": key.channel,
        "kind": key.kind,
        "language": key.language,
        "label": str(list_editable_kinds(key.channel)[key.kind].label),
        "is_own": template is not None,
        "changed_at": template.changed_at if template else None,
    }


def present_template(key: TemplateKey, template: MessageTemplate | None, *, now: datetime) -> dict[str, Any]:
    """Return what the API shows of a template, or of the default, with its wording."""
    placeholders = get_placeholders(key.kind)
    own = template if template and template.is_stored else None
    return {
        **present_summary(key, own),
        **get_wording(own, key.kind, key.language, key.channel, now=now),
        "placeholders": [{"name": name, "label": str(offered.label)} for name, offered in placeholders.items()],
    }


def clean_wording(key: TemplateKey, wording: Mapping[str, str]) -> dict[str, str]:
    """Return the wording of a template if the console's form takes it. Raises ApiProblem."""
    if key.channel == Channel.SMS and wording.get("subject"):
        raise ApiProblem(ErrorCode.VALIDATION_FAILED, errors=[NO_SUBJECT])
    form_class = TextTemplateForm if key.channel == Channel.SMS else MailTemplateForm
    form = form_class(dict(wording), kind=key.kind)
    check_form(form)
    return form.cleaned_data
