"""What is known in the public schema? One file per noun."""

from tenants.models.address import Address
from tenants.models.blueprint import Blueprint
from tenants.models.business import Business, Platform
from tenants.models.delivery import Channel, Delivery, DeliveryState, Lane, ProviderEvent
from tenants.models.domain import DomainClaim
from tenants.models.handover import Handover
from tenants.models.invitation import Invitation
from tenants.models.letter import Letter, LetterKind
from tenants.models.outage import Outage
from tenants.models.person import Membership, Person, Role
from tenants.models.tally import FailureTally
from tenants.models.ticket import Ticket

__all__ = [
    "Address",
    "Blueprint",
    "Business",
    "Channel",
    "Delivery",
    "DeliveryState",
    "DomainClaim",
    "FailureTally",
    "Handover",
    "Invitation",
    "Lane",
    "Letter",
    "LetterKind",
    "Membership",
    "Outage",
    "Person",
    "Platform",
    "ProviderEvent",
    "Role",
    "Ticket",
]
