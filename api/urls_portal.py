"""URLs of the API on a portal's host."""

from api.schema.documents import PORTAL_SCHEMA
from api.schema.urls import build_schema_urls
from tenants.nouns import registry

app_name = "api"
urlpatterns = [
    *build_schema_urls(PORTAL_SCHEMA),
    *registry.build_url_patterns("client_api_urls"),
]
