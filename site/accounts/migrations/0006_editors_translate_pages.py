"""English stands beside German as a language of pages, and editors may bring a page into it."""

from accounts import setup
from django.db import migrations


def english_for_editors(apps, schema_editor):
    apps.get_model("wagtailcore", "Locale").objects.get_or_create(language_code="en")
    setup.make_permissions_known(apps)
    setup.grant(apps, "Redaktion", ["simple_translation.submit_translation"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_editors_and_the_lead_keep_redirects"),
        ("simple_translation", "0001_initial"),
        ("wagtailcore", "0095_groupsitepermission"),
    ]

    operations = [migrations.RunPython(english_for_editors, migrations.RunPython.noop)]
