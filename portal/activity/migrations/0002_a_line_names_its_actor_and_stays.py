"""A line says which person acted and from where, and the database refuses to change or delete it.

Only `SET LOCAL portico.erasing = 'on'` opens the table, for the length of a transaction.
"""

from django.db import migrations, models

FUNCTION = """
CREATE FUNCTION activity_entry_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('portico.erasing', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    RAISE EXCEPTION 'the timeline is only ever added to' USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGER = """
CREATE TRIGGER activity_entry_stays BEFORE UPDATE OR DELETE ON activity_entry
    FOR EACH ROW EXECUTE FUNCTION activity_entry_stays()
"""


class Migration(migrations.Migration):
    dependencies = [("activity", "0001_initial")]

    operations = [
        migrations.AddField("entry", "actor_id", models.UUIDField(blank=True, null=True)),
        migrations.AddField("entry", "ip", models.GenericIPAddressField(blank=True, null=True)),
        migrations.RunSQL([FUNCTION], ["DROP FUNCTION activity_entry_stays()"]),
        migrations.RunSQL([TRIGGER], ["DROP TRIGGER activity_entry_stays ON activity_entry"]),
    ]
