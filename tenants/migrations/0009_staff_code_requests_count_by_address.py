"""Requests for staff codes are counted by digests of the address and the network, for unknown addresses too.

Safe on line: the columns are added without rewriting the table, and the indexes leave out every row that exists.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tenants", "0008_recipient_budgets")]

    operations = [
        migrations.AddField("staffemail", "address_digest", models.BinaryField(blank=True, null=True)),
        migrations.AddField("staffemail", "network_digest", models.BinaryField(blank=True, null=True)),
        migrations.AddField("staffemail", "block_digest", models.BinaryField(blank=True, null=True)),
        migrations.AddField("staffemail", "is_known_browser", models.BooleanField(db_default=False, default=False)),
        migrations.AddIndex(
            "staffemail",
            models.Index(
                condition=models.Q(("address_digest__isnull", False)),
                fields=["address_digest", "created_at"],
                name="staff_email_address",
            ),
        ),
        migrations.AddIndex(
            "staffemail",
            models.Index(
                condition=models.Q(("network_digest__isnull", False)),
                fields=["network_digest", "created_at"],
                name="staff_email_network",
            ),
        ),
    ]
