"""A public holiday can close one calendar, and is taken over once for each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("scheduling", "0007_clients_wait_for_a_time_to_become_free"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="hoursexception",
            name="exception_one_holiday",
        ),
        migrations.AddConstraint(
            model_name="hoursexception",
            constraint=models.UniqueConstraint(
                condition=models.Q(("holiday_country", ""), _negated=True),
                fields=("calendar", "starts_on", "holiday_country"),
                name="exception_one_holiday",
                nulls_distinct=False,
            ),
        ),
    ]
