"""Creates a business for each line on stdin and prints the seconds it took.

`python -m bench.create_businesses portico` creates them as Portico does, `… django-tenants` as that library does.
"""

import sys
import time
from uuid import uuid4

import django

django.setup()

from django.utils import timezone  # noqa: E402


def create_with_portico() -> None:
    """Create a business with its address, its owner and its schema."""
    from tenants.provisioning import create_business

    slug = f"many-{uuid4().hex[:12]}"
    create_business(name=slug, slug=slug, owner_email=f"owner@{slug}.example", now=timezone.now())


def create_with_django_tenants() -> None:
    """Create a tenant, which creates its schema and runs every migration in it, and its domain."""
    from bench.django_tenants_site.models import Domain, Tenant

    name = f"r_{uuid4().hex[:12]}"
    tenant = Tenant(name=name, schema_name=name)
    tenant.save(verbosity=0)
    Domain.objects.create(domain=f"{name}.localhost", tenant=tenant)


def main(create) -> None:
    """Call `create` for each line on stdin."""
    for _line in sys.stdin:
        began = time.perf_counter()
        create()
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main({"portico": create_with_portico, "django-tenants": create_with_django_tenants}[sys.argv[1]])
