"""How does a business come to be, rest, wake up and go?"""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from tenants import hostnames, schema_snapshots, validators
from tenants.context import use_business, use_public
from tenants.models import Business, Hostname, Membership, Person, Role


def create_business(
    *,
    name: str,
    slug: str,
    owner_email: str,
    country: str = "GB",
    currency: str = "GBP",
    time_zone: str = "Europe/London",
    language: str = "en",
    now: datetime,
) -> Business:
    """Make a business that is live at once: its address, its owner and its schema, or nothing at all.

    Raises SlugRejected for an address that can't be had, InvalidBusiness for any other
    bad input, and MissingSnapshot before the platform's first migration.
    """
    locale = validators.validate_locale(country=country, currency=currency, time_zone=time_zone, language=language)
    business = Business(name=validators.validate_business_name(name), created_at=now, **locale)
    hostnames.validate_slug(slug)
    owner_email = validators.validate_email_address(owner_email)
    with use_public(), transaction.atomic():
        snapshot = schema_snapshots.lock_current()
        business.save(force_insert=True)
        _reserve_slug(business, slug)
        add_member(business=business, email=owner_email, role=Role.OWNER, now=now)
        _build_schema(business, snapshot.statements)
    hostnames.invalidate_cache()
    return business


def add_member(
    *, business: Business, email: str, role: Role, billing: bool = False, documents: bool = False, now: datetime
) -> Membership:
    """Give somebody a role at a business, as the person we know by this email address or as a new one."""
    person = get_or_create_person(email=email, now=now)
    return Membership.objects.create(
        person=person, business=business, role=role, billing=billing, documents=documents, created_at=now
    )


def get_or_create_person(*, email: str, now: datetime) -> Person:
    """Return the person we know by this email address, or add them."""
    return Person.objects.filter(email__iexact=email).first() or _add_person(email, now)


def suspend_business(*, business: Business) -> None:
    """Close a portal for the time being; sessions and codes rest with it."""
    _set_status(business, Business.Status.SUSPENDED)


def resume_business(*, business: Business) -> None:
    """Open a suspended portal again."""
    _set_status(business, Business.Status.ACTIVE)


def drop_business(*, business: Business) -> None:
    """Remove a business and everything it has, for ever. Only tests, benchmarks and the demo's reset may."""
    with use_public(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to be made can't be dropped
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(business.schema_name)))
        business.hostnames.all().delete()
        business.delete()
    hostnames.invalidate_cache()


def _reserve_slug(business: Business, slug: str) -> None:
    """Give a new business its slug; of two who want it at once, the database lets one have it."""
    try:
        with transaction.atomic():
            Hostname.objects.create(business=business, slug=slug)
    except IntegrityError as error:
        raise hostnames.SlugRejected(_("This address is taken. Please choose another one.")) from error


def _add_person(email: str, now: datetime) -> Person:
    """Add somebody, or return them if another transaction did so meanwhile."""
    person = Person(email=email, created_at=now)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        return Person.objects.get(email__iexact=email)
    return person


def _build_schema(business: Business, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(business.schema_name)))
    with use_business(business):
        schema_snapshots.restore(statements)


def _set_status(business: Business, status: Business.Status) -> None:
    with use_public():
        Business.objects.filter(pk=business.pk).update(status=status)
    business.status = status
    hostnames.invalidate_cache()
