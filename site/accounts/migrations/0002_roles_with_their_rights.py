"""The eight roles as groups, their rights in the back office, and the lead's approval of pages.

Takes the place of Wagtail's own groups. Nobody gets rights on accounts or groups: with them one could give oneself any other
right, so managing accounts is left to superusers. What a role may do with an idea stands in ideas/workflow.py.
"""

from accounts import setup
from django.db import migrations

ADMIN = ["wagtailadmin.access_admin"]
SETTINGS = ["pages.change_sitesettings"]
# Every role has a group. Citizens, moderators and jury have no tools in the back office yet, so no way in either.
RIGHTS = {
    "Bürgerschaft": [],
    "Prüfung": [
        *ADMIN, "ideas.review_idea", "ideas.view_measure", "ideas.change_measure", "ideas.view_kpi", "ideas.change_kpi",
    ],
    "Leitung": [
        *ADMIN, *SETTINGS,
        "ideas.review_idea", "ideas.view_measure", "ideas.change_measure", "ideas.add_measure",
        "ideas.view_kpi", "ideas.change_kpi", "ideas.add_kpi",
        "taggit.view_tag", "taggit.change_tag",
    ],
    "Projektverantwortung": [*ADMIN, "ideas.view_measure", "ideas.view_kpi"],
    "Redaktion": [
        *ADMIN, *SETTINGS,
        "pages.view_persona", "pages.add_persona", "pages.change_persona", "pages.delete_persona",
        "ideas.view_place", "ideas.add_place", "ideas.change_place",
        "taggit.view_tag", "taggit.change_tag",
    ],
    "Moderation": [],
    "Jury": [],
    "Verwaltung": [
        *ADMIN, *SETTINGS,
        "wagtailredirects.add_redirect", "wagtailredirects.change_redirect", "wagtailredirects.delete_redirect",
    ],
}
PAGE_ACTIONS = ["add", "change", "publish"]
MEDIA = [
    *[f"wagtailimages.{action}_image" for action in ("add", "change", "choose")],
    *[f"wagtaildocs.{action}_document" for action in ("add", "change", "choose")],
]
APPROVAL = "Freigabe durch die Leitung"


def make_roles(apps, schema_editor):
    setup.make_permissions_known(apps)
    for role, permissions in RIGHTS.items():
        setup.grant(apps, role, permissions)
    setup.grant_on_all_pages(apps, "Redaktion", PAGE_ACTIONS)
    # Approving a page publishes it; that takes the right to publish, not the right to write.
    setup.grant_on_all_pages(apps, "Leitung", ["publish"])
    # Whoever may do nothing with any page isn't shown the history of the site.
    setup.grant_on_all_pages(apps, "Verwaltung", ["lock", "unlock"])
    setup.grant_on_all_collections(apps, "Redaktion", MEDIA)


def let_the_lead_approve(apps, schema_editor):
    """Wagtail's workflow on the root page is kept as a row and gets our name and our group: pages under way stay under way."""
    lead = apps.get_model("auth", "Group").objects.get(name="Leitung")
    task = apps.get_model("wagtailcore", "GroupApprovalTask").objects.order_by("pk").first()
    workflow = apps.get_model("wagtailcore", "Workflow").objects.order_by("pk").first()
    task.name = workflow.name = APPROVAL
    task.groups.set([lead])
    task.save()
    workflow.save()


def remove_wagtails_groups(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=["Editors", "Moderators"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("ideas", "0002_initial"),
        ("pages", "0001_initial"),
        ("taggit", "0006_rename_taggeditem_content_type_object_id_taggit_tagg_content_8fc721_idx"),
        # Each of these still gives Wagtail's own groups something; afterwards they can go.
        ("wagtailcore", "0095_groupsitepermission"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [
        migrations.RunPython(make_roles, migrations.RunPython.noop),
        migrations.RunPython(let_the_lead_approve, migrations.RunPython.noop),
        migrations.RunPython(remove_wagtails_groups, migrations.RunPython.noop),
    ]
