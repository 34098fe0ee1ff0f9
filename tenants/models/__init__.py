"""The models of the public schema, one file per noun."""

from tenants.models.api_key import ApiKey
from tenants.models.business import Business, BusinessStatus, Platform
from tenants.models.custom_domain import CustomDomain
from tenants.models.delivery import Channel, Delivery, DeliveryState, EventMatch, ProviderEvent
from tenants.models.failed_attempt_count import FailedAttemptCount
from tenants.models.impersonation_token import ImpersonationToken
from tenants.models.invitation import Invitation
from tenants.models.job_run import JobRun
from tenants.models.outage import Outage
from tenants.models.person import Membership, Person
from tenants.models.portal_hostname import PortalHostname
from tenants.models.recipient_budget import RecipientBudget
from tenants.models.schema_snapshot import SchemaSnapshot
from tenants.models.sent_sms import SentSms, SmsPriority, SmsStop, SmsStopReason
from tenants.models.staff_email import StaffEmail
from tenants.models.support_ticket import SupportTicket, TicketResolution, TicketState
from tenants.models.unreadable_event import UnreadableEvent, UnreadableReason
from tenants.models.webhook import WebhookDelivery, WebhookStream
from tenants.queues import Queue
from tenants.roles import Role

__all__ = [
    "ApiKey",
    "Business",
    "BusinessStatus",
    "Channel",
    "CustomDomain",
    "Delivery",
    "DeliveryState",
    "EventMatch",
    "FailedAttemptCount",
    "ImpersonationToken",
    "Invitation",
    "JobRun",
    "Membership",
    "Outage",
    "Person",
    "Platform",
    "PortalHostname",
    "ProviderEvent",
    "Queue",
    "RecipientBudget",
    "Role",
    "SchemaSnapshot",
    "SentSms",
    "SmsPriority",
    "SmsStop",
    "SmsStopReason",
    "StaffEmail",
    "SupportTicket",
    "TicketResolution",
    "TicketState",
    "UnreadableEvent",
    "UnreadableReason",
    "WebhookDelivery",
    "WebhookStream",
]
