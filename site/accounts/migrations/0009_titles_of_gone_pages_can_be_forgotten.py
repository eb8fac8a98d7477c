"""Who takes pages off also decides whether their titles stay readable."""

from accounts import setup
from django.db import migrations

RIGHTS = ["pages.view_goneaddress", "pages.delete_goneaddress"]


def let_them(apps, schema_editor):
    setup.make_permissions_known(apps)
    for role in ("Leitung", "Redaktion"):
        setup.grant(apps, role, RIGHTS)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_the_lead_writes_editions"),
        ("pages", "0004_questions_stand_in_one_table"),
    ]

    operations = [migrations.RunPython(let_them, migrations.RunPython.noop)]
