"""URLs of a business's portal."""

from django.urls import include, path

urlpatterns = [
    path("", include("portal.ui.urls")),
    path("", include("portal.access.urls")),
    path("contact/", include("portal.intake.urls")),
    path(".well-known/portico/", include("tenants.domains.portal_urls")),
    path("messages/", include("portal.messaging.conversations.urls")),
    path("profile/", include("portal.profile.urls")),
]

handler400 = "portal.ui.errors.bad_request"
handler403 = "portal.ui.errors.forbidden"
handler404 = "portal.ui.errors.not_found"
handler500 = "portal.ui.errors.server_error"
