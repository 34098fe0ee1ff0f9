"""Names the version of Django that tenants.django_internals was read against."""

import django

READ_AGAINST = (5, 2)


def test_the_installed_django_is_the_one_that_was_read():
    assert django.VERSION[:2] == READ_AGAINST, (
        "Read tenants/django_internals.py against this version, then name it here."
    )
