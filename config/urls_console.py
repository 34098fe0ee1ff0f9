"""URLs below /console/; each noun adds its pages below the business's slug."""

from django.urls import include, path

from tenants.staff.views.select_business import select_business

app_name = "console"
urlpatterns = [
    path("", select_business, name="select-business"),
    path("<slug:business>/", include("portal.ui.console_urls")),
    path("<slug:business>/", include("portal.intake.console_urls")),
    path("<slug:business>/", include("portal.search.console_urls")),
    path("<slug:business>/sign-in-help/", include("portal.signin_support.console_urls")),
    path("<slug:business>/activity/", include("portal.activity.console_urls")),
    path("<slug:business>/portal/", include("portal.profile.console_urls")),
    path("<slug:business>/", include("portal.messaging.notifications.console_urls")),
    path("<slug:business>/messages/", include("portal.inbox.console_urls")),
    path("<slug:business>/settings/message-templates/", include("portal.messaging.message_templates.console_urls")),
    path("<slug:business>/settings/team/", include("portal.team.console_urls")),
    path("<slug:business>/settings/client-fields/", include("portal.clients.settings_urls")),
    path("<slug:business>/clients/uploads/", include("portal.clients.uploads.console_urls")),
    path("<slug:business>/clients/", include("portal.clients.console_urls")),
    path("<slug:business>/clients/", include("portal.cards.console_urls")),
]
