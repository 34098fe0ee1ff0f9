"""Who may sign in there? As many people as our businesses have clients."""

import sys

import django
from django.core.management import call_command


def main(addresses: list[str]) -> None:
    """Make the tables and the people."""
    django.setup()
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import User

    call_command("migrate", verbosity=0)
    people = User.objects.bulk_create(User(username=address, email=address, password="!") for address in addresses)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=person, email=person.email, verified=True, primary=True) for person in people
    )


if __name__ == "__main__":
    main(sys.stdin.read().split())
