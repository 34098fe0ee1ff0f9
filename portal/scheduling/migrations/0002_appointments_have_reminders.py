"""Appointments have reminders and follow-ups that are handed to the outbox before they are due."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scheduling", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="AppointmentReminder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(choices=[("reminder", "Reminder"), ("follow-up", "Follow-up")], max_length=10),
                ),
                ("minutes", models.PositiveIntegerField()),
                ("version", models.PositiveIntegerField()),
                ("due_at", models.DateTimeField()),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "appointment",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reminders",
                        to="scheduling.appointment",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("handled_at__isnull", True)),
                        fields=["due_at"],
                        name="appointment_reminder_waiting",
                    ),
                    models.Index(fields=["handled_at"], name="appointment_reminder_handled"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("appointment", "kind", "minutes", "version"), name="appointment_reminder_once"
                    )
                ],
            },
        ),
    ]
