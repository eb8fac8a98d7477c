"""Moderators get into the back office; they and the lead set the rules for comments."""

from accounts import setup
from django.db import migrations


def grant(apps, schema_editor):
    setup.make_permissions_known(apps)
    setup.grant(apps, "Moderation", ["wagtailadmin.access_admin", "participation.change_commentrules"])
    setup.grant(apps, "Leitung", ["participation.change_commentrules"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_people_who_are_verified_and_addresses_to_prove"),
        ("participation", "0003_comments_and_moderation"),
    ]

    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
