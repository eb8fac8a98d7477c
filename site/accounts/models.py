"""The person with an account. Signs in by e-mail; what the public may read of them is `display_name` alone."""

import uuid
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .roles import Role


class UserManager(BaseUserManager["User"]):
    use_in_migrations = True

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A new person. Raises ValueError without an address; the address is kept in lower case."""
        if not email:
            raise ValueError("Ein Konto braucht eine E-Mail-Adresse.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{"is_staff": True, "is_superuser": True, **fields})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractUser):
    username = None  # type: ignore[assignment]
    email = models.EmailField(
        _("E-Mail-Adresse"), unique=True, error_messages={"unique": _("Zu dieser E-Mail-Adresse gibt es schon ein Konto.")}
    )
    display_name = models.CharField(
        _("Anzeigename"),
        max_length=60,
        blank=True,
        help_text=_("Freiwillig. Diesen Namen sehen andere, nie Ihre E-Mail-Adresse."),
    )

    language = models.CharField(
        _("Sprache der E-Mails"), max_length=5, choices=[("de", "Deutsch"), ("en", "English")], default="de"
    )

    # Who somebody is has been checked: by whom or how, in a few words (accounts/verification.py). The check keeps no document.
    verified_at = models.DateTimeField(_("Person geprüft am"), null=True, blank=True, editable=False)
    verified_how = models.CharField(_("Wie geprüft"), max_length=80, blank=True, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Konto")
        verbose_name_plural = _("Konten")
        constraints = (
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_email_whatever_its_case",
                violation_error_message=_("Zu dieser E-Mail-Adresse gibt es schon ein Konto."),
            ),
        )

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def save(self, *args: Any, **kwargs: Any) -> None:
        # The back office makes accounts without a password: nothing that anybody types may fit an empty one.
        if not self.password:
            self.set_unusable_password()
        super().save(*args, **kwargs)

    @property
    def is_verified(self) -> bool:
        """Whether it was checked that this person is who they say, for votes that ask for it."""
        return self.verified_at is not None

    def get_full_name(self) -> str:
        return super().get_full_name() or self.display_name

    @property
    def roles(self) -> frozenset[Role]:
        """The person's roles, asked once per object; a superuser has all of them."""
        if not hasattr(self, "_roles"):
            names = set(self.groups.values_list("name", flat=True)) if self.is_active else set()
            every = frozenset(Role) if self.is_superuser and self.is_active else frozenset()
            self._roles = every | {role for role in Role if role.value in names} | {Role.CITIZEN}
        return self._roles


class Contact(models.Model):
    """A person as far as counting and mailing goes: an account, or an address that was proved. Never public.

    One address is one person, however it is written: `address_key` is its digest (accounts/contacts.py). An account found by
    the same address takes over the guest's contact, so nobody counts twice.
    """

    user = models.OneToOneField(User, null=True, blank=True, on_delete=models.CASCADE, related_name="contact")
    email = models.EmailField(blank=True)
    address_key = models.CharField(max_length=64, unique=True)
    language = models.CharField(max_length=5, choices=[("de", "Deutsch"), ("en", "English")], default="de")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("Kontakt")

    def __str__(self) -> str:
        return f"Kontakt {self.pk}"

    @property
    def address(self) -> str:
        """Where mail for this person goes."""
        return self.user.email if self.user else self.email

    @property
    def mail_language(self) -> str:
        return self.user.language if self.user else self.language


class AddressProofQuerySet(models.QuerySet["AddressProof"]):
    def valid(self, now: datetime | None = None) -> Self:
        """Whose link still works."""
        return self.filter(created_at__gte=self._oldest(now))

    def expired(self, now: datetime | None = None) -> Self:
        return self.filter(created_at__lt=self._oldest(now))

    @staticmethod
    def _oldest(now: datetime | None) -> datetime:
        return (now or timezone.now()) - timedelta(days=AddressProof.DAYS)


class AddressProof(models.Model):
    """A guest wants to prove an address before doing something with it. The mailed link shows a button; pressing it makes the
    session know the person, and leads on to `leads_to` (accounts/known.py)."""

    DAYS = 7

    email = models.EmailField()
    address_key = models.CharField(max_length=64)
    language = models.CharField(max_length=5, default="de")
    leads_to = models.CharField(max_length=300)  # a path of this site
    key = models.UUIDField(unique=True, default=uuid.uuid4)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AddressProofQuerySet] = AddressProofQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("Unbestätigte Adresse")
        indexes = (models.Index(fields=["address_key", "created_at"], name="proofs_of_an_address"),)

    def __str__(self) -> str:
        return f"{self.pk}"
