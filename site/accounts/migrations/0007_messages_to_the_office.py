"""Who reads and answers what people write to the office."""

from accounts import setup
from django.db import migrations

RIGHTS = ["pages.view_message", "pages.change_message", "pages.delete_message"]


def let_them_answer(apps, schema_editor):
    setup.make_permissions_known(apps)
    for role in ("Leitung", "Redaktion"):
        setup.grant(apps, role, RIGHTS)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_editors_translate_pages"),
        ("pages", "0003_numbers_for_messages"),
    ]

    operations = [migrations.RunPython(let_them_answer, migrations.RunPython.noop)]
