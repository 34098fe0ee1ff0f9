"""The type of a request with the settings of the business's portal."""

from portal.branding.models import PortalSettings
from tenants.request_types import HostRequest


class BrandedRequest(HostRequest):
    """A request to which LanguageMiddleware has added the portal's settings, loaded when they are used."""

    portal_settings: PortalSettings
