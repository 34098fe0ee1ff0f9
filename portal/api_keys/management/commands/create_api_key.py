"""The command that makes an API key for a business."""

import re
import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.utils import translation

from portal.api_keys import services
from portal.api_keys.networks import parse_networks
from portal.api_keys.services import ApiKeyFields
from tenants import database_clock
from tenants.context import use_business
from tenants.management.business_command import BusinessCommand
from tenants.models import Membership, Role
from tenants.nouns import registry
from tenants.text_cleaning import clean_line


class Command(BusinessCommand):
    help = "Make a key for the business API and print it, once. It acts for the owner who has been on the team longest."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--name", required=True, help="what the key is called in the console")
        parser.add_argument("--scopes", required=True, help="what it may do, such as clients:read,clients:write")
        parser.add_argument("--expires", default="", metavar="DAYS", help="after how many days; never by default")
        parser.add_argument("--networks", default="", help="the only addresses or networks that may use it")

    def handle(self, *, business, name, scopes, expires, networks, **options):
        business, now = self.find_business_by_slug(business), database_clock.now()
        fields = ApiKeyFields(
            key_id=uuid.uuid4(),
            name=self._clean_name(name),
            scopes=tuple(self._parse_scopes(scopes)),
            allowed_networks=tuple(self._parse_networks(networks)),
            expires_at=self._parse_expiry(expires, now),
        )
        with use_business(business), translation.override(business.language):
            try:
                new = services.create_api_key(membership=self._find_owner(business), staff=None, fields=fields, now=now)
            except services.TooManyApiKeys as error:
                raise CommandError(f"{business.name} has {services.MAX_KEYS} keys; revoke one first.") from error
        self.stdout.write(new.text)

    def _clean_name(self, name):
        name = clean_line(name)
        if not 1 <= len(name) <= 60:
            raise CommandError("A key's name has 1 to 60 characters.")
        return name

    def _parse_scopes(self, typed):
        wanted, known = [scope.strip() for scope in typed.split(",") if scope.strip()], registry.get_api_scopes()
        if not wanted or set(wanted) - set(known):
            raise CommandError(f"Scopes are separated by commas. There are: {', '.join(sorted(known))}.")
        return wanted

    def _parse_networks(self, typed):
        try:
            return parse_networks(typed.replace(",", " ").split())
        except ValidationError as error:
            raise CommandError(error.messages[0]) from error

    def _parse_expiry(self, typed, now):
        if not typed:
            return None
        days = re.fullmatch(r"([1-9][0-9]{0,3})d?", typed)
        if days is None:
            raise CommandError("--expires is a number of days, such as 90.")
        return now + timedelta(days=int(days[1]))

    def _find_owner(self, business):
        owners = Membership.objects.filter(business=business, role=Role.OWNER, person__is_active=True)
        owner = owners.select_related("person", "business").order_by("created_at", "pk").first()
        if owner is None:
            raise CommandError(f"{business.name} has no owner for whom the key could act.")
        return owner
