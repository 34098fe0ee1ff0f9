"""URLs below /console/; each noun adds its pages below the business's slug."""

from django.urls import path

from tenants.nouns import registry
from tenants.staff.views.select_business import select_business

app_name = "console"
urlpatterns = [path("", select_business, name="select-business"), *registry.build_url_patterns("console_urls")]
