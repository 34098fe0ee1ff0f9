"""The types of requests to a portal, with the session that ClientSessionMiddleware has found."""

from portal.access.models import ImpersonationSession, PortalSession
from portal.clients.request_types import ClientRequest, VisitorRequest


class SessionRequest(VisitorRequest):
    """A request of anybody. `client_session` is false while nobody is signed in, and loaded when it is used."""

    client_session: PortalSession | None
    impersonation: ImpersonationSession | None


class ClientSessionRequest(ClientRequest, SessionRequest):
    """A request of a client who is signed in, or of staff in their place."""

    client_session: PortalSession
