"""What becomes of a contact form that somebody fills in, on the page or by a program."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.clients.models import Client, CustomField
from portal.intake import services
from portal.intake.form_limits import FormSender, check_form_limit
from portal.intake.forms import EnquiryForm
from portal.intake.models import ContactFormSettings
from tenants.models import Business


def build_enquiry_form(
    data: Mapping[str, Any] | None,
    *,
    contact_form: ContactFormSettings,
    business: Business,
    initial: dict[str, str] | None = None,
    now: datetime,
) -> EnquiryForm:
    """Return the form with the custom fields that the business asks for, filled in with `data` if there is any."""
    fields = CustomField.objects.filter(pk__in=contact_form.custom) if contact_form.custom else []
    return EnquiryForm(data, contact_form=contact_form, fields=fields, business=business, now=now, initial=initial)


def submit_enquiry(
    form: EnquiryForm,
    *,
    business: Business,
    sender: FormSender,
    client: Client | None,
    network: str,
    language: str,
    now: datetime,
) -> None:
    """Receive a valid form within the limits of the business, once however often it is sent. Raises TooManyForms.

    `client` is who is signed in, if anybody is.
    """
    check_form_limit(business, sender, now=now)
    data = services.EnquiryData(
        idempotency_key=form.idempotency_key,
        name=form.cleaned_data["name"],
        identifiers=form.identifiers,
        network=network,
        message=form.cleaned_data.get("message", ""),
        custom=form.custom_field_answers,
        language=language,
    )
    services.receive_enquiry(business=business, data=data, client=client, now=now)
