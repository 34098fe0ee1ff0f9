"""Creates the tables, and a user for each email address on stdin."""

import sys

import django
from django.core.management import call_command


def main(addresses: list[str]) -> None:
    """Create the tables and the users."""
    django.setup()
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import User

    call_command("migrate", verbosity=0)
    users = User.objects.bulk_create(User(username=address, email=address, password="!") for address in addresses)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )


if __name__ == "__main__":
    main(sys.stdin.read().split())
