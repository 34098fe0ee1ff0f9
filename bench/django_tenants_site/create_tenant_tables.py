"""Creates the tables of tenants and domains in a database of ours, with a row in each for every business."""

import django


def main() -> None:
    """Create the tables, and tenants for the schemas that exist already."""
    django.setup()
    from django.db import connection

    from bench.django_tenants_site.models import Domain, Tenant
    from tenants.models import Business

    with connection.schema_editor() as editor:
        editor.create_model(Tenant)
        editor.create_model(Domain)
    for business in Business.objects.prefetch_related("hostnames"):
        tenant = Tenant(name=business.name, schema_name=business.schema_name)
        tenant.auto_create_schema = False
        tenant.save()
        Domain.objects.create(domain=f"{business.hostnames.all()[0].slug}.localhost", tenant=tenant)


if __name__ == "__main__":
    main()
