"""URLs of a business's portal."""

from django.urls import include, path

from tenants.nouns import registry

urlpatterns = [
    path(".well-known/portico/", include("tenants.domains.portal_urls")),
    path("api/v1/", include("api.urls_portal")),
    *registry.build_url_patterns("portal_urls"),
]

handler400 = "portal.ui.error_views.show_bad_request"
handler403 = "portal.ui.error_views.show_forbidden"
handler404 = "portal.ui.error_views.show_not_found"
handler500 = "portal.ui.error_views.show_server_error"
