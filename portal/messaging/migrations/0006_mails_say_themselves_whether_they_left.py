"""Whether a mail about a line or a notice has left is told by the mail's own state, and by no clock.

The columns stay in the tables, no longer read: during an upgrade, processes of the release before still write them.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("messaging", "0005_texts_have_own_wordings")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[migrations.RemoveField("line", "mail_at"), migrations.RemoveField("notice", "mail_at")]
        )
    ]
