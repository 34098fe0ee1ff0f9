"""The operations of the business API on message templates."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.business.views import BusinessApiView
from api.message_templates.serializers import (
    MessageTemplateSerializer,
    MessageTemplateSummarySerializer,
    PreviewRequestSerializer,
    PreviewSerializer,
    WordingSerializer,
)
from api.message_templates.wordings import (
    TemplateKey,
    clean_wording,
    present_summary,
    present_template,
    require_key,
)
from api.protocol.entity_tags import check_if_match
from api.protocol.serializers import validate
from portal.branding.language_selection import list_business_languages
from portal.messaging.message_templates import services
from portal.messaging.message_templates.editable_wording import (
    get_current_wording,
    list_editable_kinds,
    render_mail_preview,
    render_text_preview,
)
from portal.messaging.models import MessageTemplate
from tenants import hostnames
from tenants.models import Channel


class MessageTemplateListView(BusinessApiView):
    """The mails and texts that clients get."""

    permissions = {"GET": "messages.view"}

    @extend_schema(operation_id="list_message_templates", responses=MessageTemplateSummarySerializer(many=True))
    def get(self, request: Any) -> Response:
        """List the mails and texts whose wording can be changed, in each language of the business."""
        own = {(each.kind, each.language, each.channel): each for each in MessageTemplate.objects.all()}
        keys = [
            TemplateKey(kind, language, channel)
            for channel in Channel.values
            for kind in list_editable_kinds(channel)
            for language, _name in list_business_languages(self.business)
        ]
        items = [present_summary(key, own.get((key.kind, key.language, key.channel))) for key in keys]
        return Response({"items": items})


class MessageTemplateView(BusinessApiView):
    """One mail or text in one language."""

    permissions = {"GET": "templates.edit", "PUT": "templates.edit", "DELETE": "templates.edit"}

    @extend_schema(operation_id="get_message_template", responses=MessageTemplateSerializer)
    def get(self, request: Any, channel: str, kind: str, language: str) -> Response:
        """Return the wording of a mail or text that is used now: the business’s own, or the default."""
        key = require_key(channel=channel, kind=kind, language=language)
        return Response(present_template(key, services.find_template(**key.as_fields()), now=self.now))

    @transaction.atomic
    @extend_schema(operation_id="set_message_template", request=WordingSerializer, responses=MessageTemplateSerializer)
    def put(self, request: Any, channel: str, kind: str, language: str) -> Response:
        """Use a wording of the business’s own from now on."""
        key, locked = _lock_template(channel, kind, language)
        check_if_match(request, lambda: present_template(key, locked, now=self.now))
        wording = clean_wording(key, validate(WordingSerializer, request.data))
        changed = services.save_template(
            **key.as_fields(), **wording, locked_template=locked, staff=self.staff, now=self.now
        )
        return Response(present_template(key, changed, now=self.now))

    @transaction.atomic
    @extend_schema(operation_id="reset_message_template", responses={204: None})
    def delete(self, request: Any, channel: str, kind: str, language: str) -> Response:
        """Use the default wording again."""
        key, locked = _lock_template(channel, kind, language)
        check_if_match(request, lambda: present_template(key, locked, now=self.now))
        services.reset_template(**key.as_fields(), locked_template=locked, staff=self.staff, now=self.now)
        return Response(status=204)


class PreviewView(BusinessApiView):
    """Previews of a mail or text."""

    permissions = {"POST": "templates.edit"}

    @extend_schema(
        operation_id="preview_message_template", request=PreviewRequestSerializer, responses=PreviewSerializer
    )
    def post(self, request: Any, channel: str, kind: str, language: str) -> Response:
        """Show how a mail or text would arrive, with sample values. Nothing is saved or sent."""
        key = require_key(channel=channel, kind=kind, language=language)
        given = validate(PreviewRequestSerializer, request.data)
        shown = self._preview_text(key, given) if key.channel == Channel.SMS else self._preview_mail(key, given)
        return Response(shown)

    def _preview_mail(self, key: TemplateKey, given: dict[str, str]) -> dict[str, Any]:
        # Without a template the default is rendered, which has more than paragraphs.
        template = self._build_template(key, given) if given else services.find_template(key.kind, key.language)
        slug = hostnames.get_current_slug(self.business)
        mail = render_mail_preview(self.business, key.kind, key.language, template, slug=slug, now=self.now)
        shown = {"subject": mail.subject, "text": mail.text, "html": mail.html}
        return shown | {"segments": None, "non_gsm_characters": ""}

    def _preview_text(self, key: TemplateKey, given: dict[str, str]) -> dict[str, Any]:
        template, slug = self._build_template(key, given), hostnames.get_current_slug(self.business)
        preview = render_text_preview(self.business, key.kind, template.body, slug=slug, now=self.now)
        count = preview.segment_count
        shown = {"subject": "", "text": preview.text, "html": ""}
        return shown | {"segments": count.segments, "non_gsm_characters": count.non_gsm}

    def _build_template(self, key: TemplateKey, given: dict[str, str]) -> MessageTemplate:
        """Return a template that is not saved, with the given wording instead of the current. Raises ApiProblem."""
        current = get_current_wording(key.kind, key.language, key.channel, now=self.now)
        wording = clean_wording(key, current | given) if given else current
        return MessageTemplate(**key.as_fields(), **wording)


def _lock_template(channel: str, kind: str, language: str) -> tuple[TemplateKey, MessageTemplate]:
    """Return a template's key and the business's own template, locked. Raises Http404."""
    key = require_key(channel=channel, kind=kind, language=language)
    return key, services.lock_template(**key.as_fields())
