"""Who is one person: an address however it is written, and the account that belongs to it."""

from contextlib import suppress

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from .models import Contact, User


def normalised(email: str) -> str:
    """The address as its owner has it once: lower case, host in ASCII, without what follows a plus sign."""
    local, _at, host = email.strip().lower().rpartition("@")
    with suppress(UnicodeError):  # no host of this world: kept as it was typed
        host = host.encode("idna").decode()
    return f"{local.partition('+')[0] or local}@{host}"


def address_key(email: str) -> str:
    """What the database keeps to recognise an address by."""
    return salted_hmac("accounts.contact", normalised(email), secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def contact_of_user(user: User) -> Contact:
    """The account's contact, made when first needed. A guest's contact with the same address becomes the account's."""
    contact = Contact.objects.filter(user=user).first()
    if contact:
        return contact
    key = address_key(user.email)
    Contact.objects.filter(address_key=key, user=None).update(user=user, email="")
    try:
        with transaction.atomic():
            return Contact.objects.get_or_create(user=user, defaults={"address_key": key, "language": user.language})[0]
    except IntegrityError:
        # Another account had this address before and keeps its contact: this person gets one of their own.
        return Contact.objects.get_or_create(user=user, defaults={"address_key": address_key(f"{user.pk}/{user.email}")})[0]


def contact_of_address(email: str, language: str = "de") -> Contact:
    """The contact of an address that was proved just now; an account's, where the address is one's own."""
    user = User.objects.filter(email__iexact=email.strip(), is_active=True).first()
    if user:
        return contact_of_user(user)
    key = address_key(email)
    contact, _new = Contact.objects.get_or_create(address_key=key, defaults={"email": email.strip(), "language": language})
    return contact
