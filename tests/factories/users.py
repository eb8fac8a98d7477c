"""People: `UserFactory()` is a citizen, `UserFactory(lead=True)` leads the office, several roles are `roles=[…]`."""

from collections.abc import Iterable
from typing import Any, cast

import factory
from django.contrib.auth.models import Group, Permission

from accounts.models import User
from accounts.roles import Role


def role_group(role: Role) -> Group:
    """The group of this role. The migrations make it; whoever reviews may see the desk."""
    group, _ = Group.objects.get_or_create(name=role.value)
    if role in {Role.REVIEWER, Role.LEAD}:
        group.permissions.add(Permission.objects.get(content_type__app_label="ideas", codename="review_idea"))
    return group


class _Users(factory.django.DjangoModelFactory):
    class Meta:
        model = User

    class Params:
        reviewer = factory.Trait(roles=[Role.REVIEWER])
        lead = factory.Trait(roles=[Role.LEAD])
        project_lead = factory.Trait(roles=[Role.PROJECT_LEAD])
        editor = factory.Trait(roles=[Role.EDITOR])
        moderator = factory.Trait(roles=[Role.MODERATOR])
        jury = factory.Trait(roles=[Role.JURY])
        admin = factory.Trait(roles=[Role.ADMIN])

    email = factory.Sequence(lambda number: f"person{number}@example.org")
    password = factory.django.Password("geheim-und-lang")
    roles: Any = ()

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, roles: Iterable[Role] = (), **kwargs: Any) -> User:
        user: User = super()._create(model_class, *args, **kwargs)
        user.groups.add(*(role_group(role) for role in roles))
        return user


def UserFactory(**fields: Any) -> User:
    """A person; the keywords are fields, `roles=[…]` or a role's trait."""
    return cast(User, _Users(**fields))
