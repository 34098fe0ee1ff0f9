"""How long does it take to make a business? Makes one for each line it is told, and says the seconds.

`python -m bench.creating ours` makes them as Portico does, `… rival` as django-tenants does.
"""

import sys
import time
from uuid import uuid4

import django

django.setup()

from django.utils import timezone  # noqa: E402


def ours() -> None:
    """Make a business, its address, its owner and its schema."""
    from tenants.provisioning import create_business

    slug = f"many-{uuid4().hex[:12]}"
    create_business(name=slug, slug=slug, owner_email=f"owner@{slug}.example", now=timezone.now())


def rival() -> None:
    """Make a tenant, which makes its schema and runs every migration in it, and its host."""
    from bench.rival.models import Domain, Tenant

    name = f"r_{uuid4().hex[:12]}"
    tenant = Tenant(name=name, schema_name=name)
    tenant.save(verbosity=0)
    Domain.objects.create(domain=f"{name}.localhost", tenant=tenant)


def main(create) -> None:
    """Make one for each line."""
    for _line in sys.stdin:
        began = time.perf_counter()
        create()
        print(time.perf_counter() - began, flush=True)


if __name__ == "__main__":
    main({"ours": ours, "rival": rival}[sys.argv[1]])
