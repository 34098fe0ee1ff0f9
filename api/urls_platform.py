"""URLs of the API on the platform's host."""

from django.urls import include, path

from api.schema.documents import BUSINESS_SCHEMA
from api.schema.urls import build_schema_urls
from tenants.nouns import registry

app_name = "api"
urlpatterns = [
    *build_schema_urls(BUSINESS_SCHEMA),
    path("business/", include((registry.build_url_patterns("business_api_urls"), "business"))),
]
