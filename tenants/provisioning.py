"""Creates, suspends, resumes and deletes businesses, and adds members."""

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from tenants import hostnames, schema_snapshots, validators
from tenants.context import use_business, use_public
from tenants.models import Business, BusinessStatus, Membership, Person, PortalHostname, Role
from tenants.staff.people import find_person


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
    """Create a business with its slug, its owner and its schema in one transaction; it is live at once.

    Raises SlugRejected for an invalid or taken slug, InvalidBusiness for any other invalid field, and
    MissingSchemaSnapshot before the platform's first migration.
    """
    locale = validators.validate_locale(country=country, currency=currency, time_zone=time_zone, language=language)
    business = Business(name=validators.validate_business_name(name), created_at=now, **locale)
    hostnames.validate_slug(slug)
    owner_email = validators.validate_email_address(owner_email)
    with use_public(), transaction.atomic():
        snapshot = schema_snapshots.lock_current_snapshot()
        business.save(force_insert=True)
        _reserve_slug(business, slug)
        add_member(business=business, email=owner_email, role=Role.OWNER, now=now)
        _build_schema(business, snapshot.statements)
    hostnames.invalidate_host_cache()
    return business


def add_member(*, business: Business, email: str, role: Role, areas: Iterable[str] = (), now: datetime) -> Membership:
    """Give the person with this email address a role in a business; create the person if needed."""
    person = get_or_create_person(email=email, now=now)
    return Membership.objects.create(person=person, business=business, role=role, areas=sorted(areas), created_at=now)


def get_or_create_person(*, email: str, now: datetime) -> Person:
    """Return the person with this email address in any spelling; create one if there is none."""
    return find_person(email) or _add_person(email, now)


def suspend_business(*, business: Business) -> None:
    """Suspend a business: its portal is closed, and sessions and codes don't work until it is resumed."""
    _set_business_status(business, BusinessStatus.SUSPENDED)


def resume_business(*, business: Business) -> None:
    """Resume a suspended business."""
    _set_business_status(business, BusinessStatus.ACTIVE)


def drop_business(*, business: Business) -> None:
    """Delete a business and all its data. Only for tests, benchmarks and the demo's reset."""
    with use_public(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with pending constraint checks can't be dropped
            cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(business.schema_name)))
        business.hostnames.all().delete()
        business.delete()
    hostnames.invalidate_host_cache()


def _reserve_slug(business: Business, slug: str) -> None:
    """Reserve the slug of a new business; the unique constraint decides between two at the same time."""
    try:
        with transaction.atomic():
            PortalHostname.objects.create(business=business, slug=slug)
    except IntegrityError as error:
        raise hostnames.SlugRejected(_("This address is taken. Please choose another one.")) from error


def _add_person(email: str, now: datetime) -> Person:
    """Create a person, or return the one that another transaction created meanwhile."""
    person = Person(email=email, created_at=now)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:
        if other := find_person(email):
            return other
        raise
    return person


def _build_schema(business: Business, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(business.schema_name)))
    with use_business(business):
        schema_snapshots.restore_schema(statements)


def _set_business_status(business: Business, status: BusinessStatus) -> None:
    with use_public():
        Business.objects.filter(pk=business.pk).update(status=status)
    business.status = status
    hostnames.invalidate_host_cache()
