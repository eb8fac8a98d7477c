from typing import Any

from allauth.account.models import EmailAddress

from accounts.models import User
from tests.factories import UserFactory


def person(**traits: Any) -> User:
    """Somebody who has confirmed their address, as everybody has who signed up."""
    user = UserFactory(**traits)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user
