"""Make the timeline append-only by a trigger.

Only `SET LOCAL portico.timeline_mutable = 'on'` allows changes, for the length of a transaction.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION activity_entry_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portico.timeline_mutable', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'the timeline is only ever added to' USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGER = """
CREATE TRIGGER activity_entry_append_only BEFORE UPDATE OR DELETE ON activity_entry
    FOR EACH ROW EXECUTE FUNCTION activity_entry_append_only()
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]

    operations = [
        migrations.RunSQL([FUNCTION], ["DROP FUNCTION activity_entry_append_only()"]),
        migrations.RunSQL([TRIGGER], ["DROP TRIGGER activity_entry_append_only ON activity_entry"]),
    ]
