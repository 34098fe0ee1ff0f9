"""The models of the public schema, one file per noun."""

from tenants.models.business import Business, Platform
from tenants.models.custom_domain import CustomDomain
from tenants.models.delivery import Channel, Delivery, DeliveryState, ProviderEvent
from tenants.models.failed_attempt_bucket import FailedAttemptBucket
from tenants.models.hostname import Hostname
from tenants.models.impersonation_token import ImpersonationToken
from tenants.models.invitation import Invitation
from tenants.models.outage import Outage
from tenants.models.person import Membership, Person
from tenants.models.schema_snapshot import SchemaSnapshot
from tenants.models.staff_email import StaffEmail, StaffEmailKind
from tenants.models.ticket import Ticket
from tenants.queues import Queue
from tenants.roles import Role

__all__ = [
    "Business",
    "Channel",
    "CustomDomain",
    "Delivery",
    "DeliveryState",
    "FailedAttemptBucket",
    "Hostname",
    "ImpersonationToken",
    "Invitation",
    "Membership",
    "Outage",
    "Person",
    "Platform",
    "ProviderEvent",
    "Queue",
    "Role",
    "SchemaSnapshot",
    "StaffEmail",
    "StaffEmailKind",
    "Ticket",
]
