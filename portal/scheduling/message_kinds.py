"""The messages about appointments, and the placeholders of a business's own wording of them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.scheduling.kinds import AppointmentMessageKind, SeriesMessageKind
from tenants.nouns.message_declarations import MessageKind, Placeholder

PLACEHOLDERS = (
    Placeholder("service", _("the service"), sample=_("First consultation")),
    Placeholder("staff", _("who gives it"), sample="Robin Berg"),
    Placeholder(
        "when",
        _("day and time, with the time zone; with your own time as well if the client’s clocks show another"),
        sample=_("3 May 2027, 09:30 (Europe/Lisbon); our time: 3 May 2027, 10:30 (Europe/Berlin)"),
    ),
    Placeholder(
        "start",
        _("day and time by the client’s clocks, with the time zone"),
        sample=_("3 May 2027, 09:30 (Europe/Lisbon)"),
    ),
    Placeholder("place", _("the place, phone number or link"), sample=_("12 Garden Street")),
    Placeholder(
        "appointment",
        _("the address of the appointment in your portal"),
        value="portal.scheduling.placeholder_values.appointment_url",
        sample="0197a3c4-5f1e-7d20-9b61-3c8de1f04a57",
        is_link=True,
    ),
)
SERIES_PLACEHOLDERS = (
    PLACEHOLDERS[0],
    PLACEHOLDERS[1],
    Placeholder("number", _("how many appointments"), sample="6"),
    Placeholder(
        "start",
        _("day and time of the first of them by the client’s clocks, with the time zone"),
        sample=_("3 May 2027, 09:30 (Europe/Lisbon)"),
    ),
    Placeholder(
        "dates",
        _("all days and times, each with the time zone"),
        value="portal.scheduling.placeholder_values.series_dates",
        sample=[_("3 May 2027, 09:30 (Europe/Lisbon)"), _("10 May 2027, 09:30 (Europe/Lisbon)")],
    ),
    PLACEHOLDERS[4],
)
NEXT_STEP = Placeholder(
    "next_step",
    _("what happens next, and until when the client can change it"),
    sample=_("You can move or cancel it yourself until 2 May 2027, 09:30 (Europe/Lisbon)."),
)
POLICY = Placeholder(
    "policy", _("the policy that the client accepted"), sample=_("Please tell us a day before if you can’t come.")
)
REASON = Placeholder("reason", _("the reason that you gave"), sample=_("We are closed on that day."))
BEFORE = Placeholder("before", _("day and time before it was moved"), sample=_("29 April 2027, 14:00 (Europe/Lisbon)"))
PROPOSED = Placeholder("proposed", _("the other time that you propose"), sample=_("4 May 2027, 15:00 (Europe/Lisbon)"))


def _build_kind(
    kind: AppointmentMessageKind,
    label: str | Promise,
    *placeholders: Placeholder,
    is_sent_as_text: bool = True,
    is_invitation: bool = True,
) -> MessageKind:
    return MessageKind(
        kind,
        label=label,
        placeholders=(*PLACEHOLDERS, *placeholders),
        is_sent_as_text=is_sent_as_text,
        build_context="portal.scheduling.mail_context.build_mail_context",
        build_attachments="portal.scheduling.mail_context.build_mail_attachments" if is_invitation else "",
        position=150,
    )


def _build_series_kind(kind: SeriesMessageKind, label: str | Promise, *placeholders: Placeholder) -> MessageKind:
    return MessageKind(
        kind,
        label=label,
        placeholders=(*SERIES_PLACEHOLDERS, *placeholders),
        is_sent_as_text=True,
        build_context="portal.scheduling.series_mails.build_series_context",
        build_attachments="portal.scheduling.series_mails.build_series_attachments",
        position=151,
    )


MESSAGE_KINDS = (
    _build_kind(AppointmentMessageKind.REQUESTED, _("An appointment was requested"), NEXT_STEP, POLICY),
    _build_kind(AppointmentMessageKind.CONFIRMED, _("An appointment is confirmed"), NEXT_STEP, POLICY),
    _build_kind(AppointmentMessageKind.MOVED, _("An appointment was moved"), BEFORE, NEXT_STEP, POLICY),
    _build_kind(AppointmentMessageKind.CANCELLED, _("An appointment was cancelled"), REASON),
    _build_kind(AppointmentMessageKind.DECLINED, _("You declined an appointment"), REASON, PROPOSED),
    _build_kind(AppointmentMessageKind.EXPIRED, _("A request was not answered in time")),
    _build_kind(
        AppointmentMessageKind.REMINDER,
        _("A client is reminded of an appointment"),
        NEXT_STEP,
        POLICY,
        is_invitation=False,
    ),
    _build_kind(
        AppointmentMessageKind.FOLLOW_UP,
        _("The day after an appointment"),
        is_sent_as_text=False,
        is_invitation=False,
    ),
    _build_series_kind(SeriesMessageKind.CONFIRMED, _("Repeating appointments are confirmed"), POLICY),
    _build_series_kind(SeriesMessageKind.MOVED, _("Several repeating appointments were moved"), POLICY),
    _build_series_kind(SeriesMessageKind.CANCELLED, _("Several repeating appointments were cancelled"), REASON),
)
