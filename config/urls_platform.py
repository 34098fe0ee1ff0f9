"""URLs of the platform's own host."""

from django.conf import settings
from django.urls import include, path

from tenants.nouns import registry

urlpatterns = [
    path("", include("tenants.landing.urls")),
    path("domains/", include("tenants.domains.urls")),
    path("hooks/", include("api.provider_webhooks.urls")),
    path("api/v1/", include("api.urls_platform")),
    path("staff/", include("tenants.staff.urls")),
    path("console/", include("config.urls_console")),
    *registry.build_url_patterns("platform_urls"),
]
if settings.DEMO:
    urlpatterns += [path("dev/", include("tenants.devmail.urls"))]

handler400 = "portal.ui.error_views.show_bad_request"
handler403 = "portal.ui.error_views.show_forbidden"
handler404 = "portal.ui.error_views.show_not_found"
handler500 = "portal.ui.error_views.show_server_error"
