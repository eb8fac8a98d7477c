"""Who moves pages also keeps what leads to them."""

from accounts import setup
from django.db import migrations

REDIRECTS = [f"wagtailredirects.{action}_redirect" for action in ("add", "change", "delete")]


def let_them(apps, schema_editor):
    setup.make_permissions_known(apps)
    for role in ("Leitung", "Redaktion"):
        setup.grant(apps, role, REDIRECTS)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_people_who_support_and_follow"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(let_them, migrations.RunPython.noop)]
