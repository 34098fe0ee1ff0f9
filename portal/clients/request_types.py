"""The types of requests to a portal, by whether a client is signed in."""

from portal.branding.request_types import BrandedRequest
from portal.clients.models import Client
from tenants.request_types import PortalRequest


class VisitorRequest(PortalRequest, BrandedRequest):
    """A request of anybody. `client` is false while nobody is signed in, and loaded when it is used.

    `is_read_only` is true for staff who view the portal as a client.
    """

    client: Client | None
    is_read_only: bool


class ClientRequest(VisitorRequest):
    """A request of a client who is signed in, or of staff in their place, as `client_required` ensures."""

    client: Client
