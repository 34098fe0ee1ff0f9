"""Mailboxes from public forms are unconfirmed until somebody signs in by them, and suggestions name duplicates."""

from django.db import migrations, models
from django.db.models import F


def unconfirm_form_mailboxes(apps, schema_editor):
    """Empty `confirmed_at` where only a form set it and the client has never signed in."""
    contacts = apps.get_model("clients", "Contact").objects.filter(source="form", kind="email")
    contacts.filter(confirmed_at=F("created_at"), client__signed_in_at=None).update(confirmed_at=None)


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="suggestion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("name", "Different name"),
                    ("email", "Different email address"),
                    ("phone", "Different phone number"),
                    ("duplicate", "Possible duplicate"),
                    ("ambiguous", "Several clients share this address"),
                ],
                max_length=9,
            ),
        ),
        migrations.RunPython(unconfirm_form_mailboxes, migrations.RunPython.noop),
    ]
