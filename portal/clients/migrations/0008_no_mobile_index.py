"""A partial index for finding clients without a mobile number."""

from django.db import migrations, models
from django.db.models.functions import Left

NO_MOBILE_CANDIDATES = ~models.Q(search__regex=r"(^| )\+[0-9]{6,15}( |$)") | models.Q(name__contains="+")


class Migration(migrations.Migration):
    dependencies = [("clients", "0007_import_chunks")]
    operations = [
        migrations.AddIndex(
            "client",
            models.Index(
                Left("search", 100),
                models.F("id"),
                condition=models.Q(is_demo=False, merged_into=None, erased_at=None) & NO_MOBILE_CANDIDATES,
                name="client_no_mobile_candidates",
            ),
        )
    ]
