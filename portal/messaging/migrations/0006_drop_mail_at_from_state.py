"""Remove `mail_at` from the models: the state of a mail says whether it was sent.

The columns stay in the tables, no longer read: during an upgrade, processes of the release before still write them.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_message_templates_for_texts")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField("chatmessage", "mail_at"),
                migrations.RemoveField("notification", "mail_at"),
            ]
        )
    ]
