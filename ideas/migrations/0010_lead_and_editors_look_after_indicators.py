"""Who looks after the monitoring: lead and editors write indicators with their values; the lead sets when the strategy is reviewed."""

from accounts import setup
from django.db import migrations

ACTIONS = ("view", "add", "change", "delete")


def let_them(apps, schema_editor):
    setup.make_permissions_known(apps)
    indicators = [f"ideas.{action}_indicator" for action in ACTIONS]
    setup.grant(apps, "Leitung", [*indicators, "ideas.change_monitoringsettings"])
    setup.grant(apps, "Redaktion", indicators)


class Migration(migrations.Migration):
    dependencies = [
        ("ideas", "0009_indicators_are_edited_with_their_values"),
        ("accounts", "0002_roles_with_their_rights"),
        ("pages", "0001_initial"),
    ]

    operations = [migrations.RunPython(let_them, migrations.RunPython.noop)]
