"""A text says which of the codes of its challenge it brought, and its priority may be that of a used number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0011_staff_addresses_encoded"),
    ]

    operations = [
        migrations.AddField(
            model_name="sentsms",
            name="generation",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="sentsms",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Refused"), (1, "Chosen"), (2, "Used"), (3, "Notice"), (4, "Given"), (5, "Established")]
            ),
        ),
        migrations.AlterField(
            model_name="smsstop",
            name="priority",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Refused"), (1, "Chosen"), (2, "Used"), (3, "Notice"), (4, "Given"), (5, "Established")]
            ),
        ),
    ]
