"""Gives roles their rights. Called by migrations, with the models that a migration knows (`apps`), so it imports none.

The first table of rights stands in migrations/0002_roles_with_their_rights.py; a later right is a migration of its own that
calls `grant`. An operator can change a role's rights afterwards: nothing here runs again.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.management import create_permissions


def make_permissions_known(apps: Any) -> None:
    """Write the rows of all permissions now; Django would do so only after the last migration."""
    for config in apps.get_app_configs():
        # Django skips apps without a models module, which is what the apps of a migration look like.
        config.models_module = True
        create_permissions(config, apps=apps, verbosity=0)
        config.models_module = None


def grant(apps: Any, role: str, permissions: Iterable[str]) -> None:
    """Give a role rights named `app.codename`. Raises KeyError for one that doesn't exist: a typing error must not pass."""
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=role)
    group.permissions.add(*[_permission(apps, name) for name in permissions])


def grant_on_all_pages(apps: Any, role: str, actions: Iterable[str]) -> None:
    """Give a role rights such as "publish" on the root of the page tree, so on every page."""
    group = apps.get_model("auth", "Group").objects.get(name=role)
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for action in actions:
        permission = _permission(apps, f"wagtailcore.{action}_page")
        apps.get_model("wagtailcore", "GroupPagePermission").objects.get_or_create(
            group=group, page=root, permission=permission
        )


def grant_on_all_collections(apps: Any, role: str, permissions: Iterable[str]) -> None:
    """Give a role rights on pictures or documents in the root collection, so in every collection."""
    group = apps.get_model("auth", "Group").objects.get(name=role)
    root = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for name in permissions:
        apps.get_model("wagtailcore", "GroupCollectionPermission").objects.get_or_create(
            group=group, collection=root, permission=_permission(apps, name)
        )


def _permission(apps: Any, name: str) -> Any:
    app, codename = name.split(".")
    found = apps.get_model("auth", "Permission").objects.filter(content_type__app_label=app, codename=codename).first()
    if found is None:
        raise KeyError(name)
    return found
