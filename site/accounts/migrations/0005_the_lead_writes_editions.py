"""The lead opens, proposes and corrects editions of the agenda, and sees their drafts."""

from accounts import setup
from django.db import migrations

RIGHTS = ["ideas.view_edition", "ideas.add_edition", "ideas.change_edition"]


def give_rights(apps, schema_editor):
    setup.make_permissions_known(apps)
    setup.grant(apps, "Leitung", RIGHTS)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_people_who_support_and_follow"),
        ("ideas", "0008_editions_monitoring_kinds_and_events"),
    ]
    operations = [migrations.RunPython(give_rights, migrations.RunPython.noop)]
