"""Addresses of staff and invitations have their domains in ASCII, however they were typed.

Safe on line: only rows with other letters are written, one row lock at a time. Two rows that would get one address
stay as they are, and their ids are logged; both are found by either spelling, see the runbook.
"""

import logging
from contextlib import suppress

from django.db import IntegrityError, migrations, transaction

from tenants.domain_names import InvalidDomainName, encode_address

logger = logging.getLogger(__name__)
MAX_LENGTH = 254


def encode_stored_addresses(apps, schema_editor):
    """Encode the domains of all addresses that have other letters."""
    for name in ("Person", "Invitation"):
        model = apps.get_model("tenants", name)
        for pk, email in model.objects.order_by("pk").values_list("pk", "email"):
            if not email.isascii() and not encode_stored_address(model, pk, email):
                logger.warning("%s %s keeps an address whose domain can't be encoded, or is another's.", name, pk)


def encode_stored_address(model, pk, email):
    """Encode the domain of one address; return whether that was possible."""
    with suppress(InvalidDomainName, IntegrityError):
        address = encode_address(email.strip())
        if len(address) <= MAX_LENGTH:
            with transaction.atomic():
                model.objects.filter(pk=pk, email=email).update(email=address)
            return True
    return False


class Migration(migrations.Migration):
    dependencies = [("tenants", "0010_sent_sms_counted")]

    operations = [migrations.RunPython(encode_stored_addresses, migrations.RunPython.noop)]
