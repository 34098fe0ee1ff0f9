"""The lock of a business's row, for checks that two requests at once would both pass, and for rows not there yet."""

from tenants.models import Business


def lock_business(business: Business) -> None:
    """Let nobody else who asks for this lock go on until the transaction ends."""
    Business.objects.select_for_update(no_key=True).get(pk=business.pk)
