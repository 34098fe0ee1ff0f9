"""What the API takes and answers about clients' packages and their sessions."""

from rest_framework import serializers

from api.clients.client_references import ClientReferenceSerializer
from api.protocol.fields import InstantField, MultiLineField, SingleLineField
from api.protocol.pagination import PageQuery
from api.protocol.serializers import StrictSerializer
from api.scheduling.fields import PriceSerializer
from api.scheduling.hours_exceptions.serializers import YEARS
from api.scheduling.references import ServiceReferenceSerializer
from portal.scheduling.models import SessionState

MAX_NOTE_LENGTH, MAX_REASON_LENGTH = 600, 300
LAST_DAY = "The last day on which a session can take place; null without an end."


class PackageSumsSerializer(StrictSerializer):
    """How many sessions a package holds, and what became of them."""

    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    services = ServiceReferenceSerializer(many=True, read_only=True)
    price = PriceSerializer(read_only=True, allow_null=True)
    sessions_total = serializers.IntegerField(read_only=True)
    sessions_reserved = serializers.IntegerField(read_only=True, help_text="For appointments that are to come.")
    sessions_used = serializers.IntegerField(read_only=True)
    sessions_left = serializers.IntegerField(read_only=True)
    given_at = InstantField(read_only=True)
    withdrawn_at = InstantField(
        read_only=True, allow_null=True, help_text="Since then no session is taken; those reserved stay."
    )


class ClientPackageSerializer(PackageSumsSerializer):
    """A package that a client was given, as it was on the day."""

    client = ClientReferenceSerializer(read_only=True)
    package = serializers.UUIDField(read_only=True, help_text="The session package that it was.")
    expires_on = serializers.DateField(validators=YEARS, required=False, allow_null=True, help_text=LAST_DAY)
    note = MultiLineField(max_length=MAX_NOTE_LENGTH, required=False, allow_blank=True, help_text="For staff.")


class NewClientPackageSerializer(StrictSerializer):
    """A package that a client is given."""

    client = serializers.UUIDField()
    package = serializers.UUIDField(help_text="A session package.")
    expires_on = serializers.DateField(
        validators=YEARS, required=False, allow_null=True, default=None, help_text="Without it, as the package says."
    )
    note = MultiLineField(max_length=MAX_NOTE_LENGTH, required=False, allow_blank=True, default="")


class ClientPackageListQuery(StrictSerializer, PageQuery):
    """The filter of the clients' packages."""

    client = serializers.UUIDField(required=False, default=None)


class PackageSessionListQuery(StrictSerializer, PageQuery):
    """Which page of the sessions is listed."""


class PackageSessionSerializer(StrictSerializer):
    """One session that was taken from a package, and what became of it."""

    id = serializers.UUIDField(read_only=True)
    client_package = serializers.UUIDField(read_only=True)
    appointment = serializers.UUIDField(
        read_only=True, allow_null=True, help_text="Null where staff took it without one."
    )
    state = serializers.ChoiceField(choices=SessionState.choices, read_only=True)
    reason = serializers.CharField(read_only=True, help_text="Why staff took or returned it.")
    created_at = InstantField(read_only=True)
    updated_at = InstantField(read_only=True)


class SessionReasonSerializer(StrictSerializer):
    """Why a session is taken or returned."""

    reason = SingleLineField(max_length=MAX_REASON_LENGTH)


class SessionChoiceSerializer(StrictSerializer):
    """The package of whose sessions an appointment uses one."""

    client_package = serializers.UUIDField(allow_null=True, help_text="Null: none.")


class SessionOfAppointmentSerializer(StrictSerializer):
    """The session that an appointment uses."""

    session = PackageSessionSerializer(read_only=True, allow_null=True)
