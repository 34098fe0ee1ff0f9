"""Names the version of Django that tenants.django_internals was read against."""

import django

READ_AGAINST = (5, 2)


def test_an_upgrade_reads_it_again():
    assert django.VERSION[:2] == READ_AGAINST, (
        "Read tenants/django_internals.py against this version, then name it here."
    )
