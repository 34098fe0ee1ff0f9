"""How do its two tables get into a database of ours, with a tenant and a host for each business there?"""

import django


def main() -> None:
    """Make the tables, and tenants for the schemas that are there already."""
    django.setup()
    from django.db import connection

    from bench.rival.models import Domain, Tenant
    from tenants.models import Business

    with connection.schema_editor() as editor:
        editor.create_model(Tenant)
        editor.create_model(Domain)
    for business in Business.objects.prefetch_related("addresses"):
        tenant = Tenant(name=business.name, schema_name=business.schema_name)
        tenant.auto_create_schema = False
        tenant.save()
        Domain.objects.create(domain=f"{business.addresses.all()[0].slug}.localhost", tenant=tenant)


if __name__ == "__main__":
    main()
