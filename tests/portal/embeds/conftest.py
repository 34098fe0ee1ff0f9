"""What the tests of websites have in common: a business that lists some."""

import pytest
from django.core.cache import cache

from portal.embeds.models import AllowedWebsites
from tenants.context import use_business

SITE, OTHER_SITE = "https://www.acme-physio.example", "https://evil.example"


@pytest.fixture
def allow_websites(acme):
    """Return a function that lists the websites that may use Acme's portal."""

    def allow_websites(**origins: list[str]) -> None:
        with use_business(acme):
            AllowedWebsites.objects.update_or_create(id=1, defaults=origins)
        cache.clear()

    return allow_websites
