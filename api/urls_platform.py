"""URLs of the API on the platform's host."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from tenants.nouns import registry

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("business/", include((registry.build_url_patterns("business_api_urls"), "business"))),
]
