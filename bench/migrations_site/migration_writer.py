"""Writes migrations that add a column and remove it again, as many times as asked."""

from pathlib import Path

FIRST = """
from django.db import migrations, models

class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            "NamedRow", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=20))]
        )
    ]
"""
NEXT = """
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("migrations_site", "{before}")]
    operations = [{operation}]
"""
ADD = 'migrations.AddField("namedrow", "note", models.CharField(max_length=20, default=""))'
REMOVE = 'migrations.RemoveField("namedrow", "note")'


def write_migrations(directory: Path, name: str, count: int) -> None:
    """Write a package of one migration and `count` more, an even number, to a directory."""
    package = directory / name
    package.mkdir(exist_ok=True)
    for old in package.glob("*.py"):
        old.unlink()
    (package / "__init__.py").touch()
    (package / "m0000.py").write_text(FIRST)
    for number in range(1, count + 1):
        text = NEXT.format(before=f"m{number - 1:04}", operation=ADD if number % 2 else REMOVE)
        (package / f"m{number:04}.py").write_text(text)
