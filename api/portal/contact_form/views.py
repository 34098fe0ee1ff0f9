"""The operations of the client API on the contact form, with the limits and traps of its page."""

from typing import Any, NoReturn

from django.http import Http404
from django.utils import translation
from drf_spectacular.utils import extend_schema
from rest_framework.response import Response

from api.portal.contact_form.questions import build_form_data, list_questions
from api.portal.contact_form.serializers import ContactFormSerializer, EnquirySerializer, ThanksSerializer
from api.portal.views import PortalApiView
from api.protocol.error_codes import ErrorCode
from api.protocol.form_problems import check_form
from api.protocol.problems import ApiProblem
from api.protocol.serializers import validate
from portal.intake import services
from portal.intake.form_limits import FormSender, TooManyForms
from portal.intake.form_tokens import WAIT, has_waited, issue_form_token, issue_wait_token
from portal.intake.forms import EnquiryForm
from portal.intake.models import ContactFormSettings
from portal.intake.submitted_forms import build_enquiry_form, submit_enquiry
from tenants.client_ip import get_client_network, get_client_network_block
from tenants.sliding_windows import RateLimitExceeded

FORM_FIELDS = ("form_token", "leave_empty")


class ContactFormView(PortalApiView):
    """The contact form."""

    is_open_to_anybody = True
    shared_rate_limit = ("contact", "CONTACT_FORMS_PER_IP")

    @extend_schema(operation_id="get_contact_form", responses=ContactFormSerializer)
    def get(self, request: Any) -> Response:
        """Return the questions of the contact form. A business without a form answers 404."""
        contact_form = self._get_settings()
        form = self._build_form(contact_form)
        shown = {
            "intro": contact_form.intro,
            "questions": list_questions(form),
            "form_token": issue_form_token(self.business, now=self.now),
        }
        return Response(ContactFormSerializer(shown).data)

    @extend_schema(operation_id="send_contact_form", request=EnquirySerializer, responses={201: ThanksSerializer})
    def post(self, request: Any) -> Response:
        """Send the form. The answer is the same whether or not the business knows the sender."""
        contact_form = self._get_settings()
        values = validate(EnquirySerializer, request.data)
        answers = build_form_data(self._build_form(contact_form), values["answers"])
        form = self._build_form(contact_form, answers | {name: values[name] for name in FORM_FIELDS})
        check_form(form, prefix="answers.", outside=FORM_FIELDS)
        try:
            self._submit(form, wait_token=values["wait_token"])
        except TooManyForms as refusal:
            self._refuse(form, refusal)
        return Response(ThanksSerializer({"thanks": contact_form.thanks}).data, status=201)

    def _get_settings(self) -> ContactFormSettings:
        contact_form = services.get_contact_form_settings(self.business)
        if not contact_form.is_on:
            raise Http404
        return contact_form

    def _build_form(self, contact_form: ContactFormSettings, data: dict[str, str] | None = None) -> EnquiryForm:
        return build_enquiry_form(data, contact_form=contact_form, business=self.business, now=self.now)

    def _submit(self, form: EnquiryForm, *, wait_token: str) -> None:
        client = self.client if self.request.auth else None
        sender = FormSender(
            block=get_client_network_block(self.http_request),
            has_waited=has_waited(wait_token, form.idempotency_key, now=self.now),
            is_client=bool(client),
            identify=lambda: str(client.pk) if client else "",
        )
        submit_enquiry(
            form,
            business=self.business,
            sender=sender,
            client=client,
            network=get_client_network(self.http_request),
            language=translation.get_language() or "",
            now=self.now,
        )

    def _refuse(self, form: EnquiryForm, refusal: TooManyForms) -> NoReturn:
        if not refusal.is_wait:
            raise RateLimitExceeded(refusal.retry_at)
        raise ApiProblem(
            ErrorCode.WAIT_REQUIRED,
            headers={"Retry-After": str(round(WAIT.total_seconds()))},
            members={"wait_token": issue_wait_token(form.idempotency_key, now=self.now)},
        )
