"""Staff and operators, and their memberships in businesses."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from tenants.roles import Role


class PersonManager(BaseUserManager):
    """Finds people by email address, ignoring case."""

    def get_by_natural_key(self, email):
        return self.get(email__iexact=email)


class Person(AbstractBaseUser):
    """A member of staff or an operator. Clients are in their business's schema, never here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    objects = PersonManager()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self):
        return self.email


class Membership(models.Model):
    """A person's role in one business, written by provisioning and the team page.

    `areas` are the restricted areas in which the role counts; an owner has all of them. Nouns declare what a role may
    do.
    """

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    business = models.ForeignKey("tenants.Business", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role)
    areas = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "business"], name="membership_once")]

    def __str__(self):
        return f"{self.person} at {self.business}"
