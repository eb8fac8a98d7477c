"""Loads the demo content of a profile: agenda, measures, ideas, accounts."""

import secrets
from pathlib import Path
from typing import Any

import yaml
from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from accounts.roles import Role
from common.models import OutboxMessage
from pages.models import HomePage

from ...demo import editions, ideas, measures, merging, monitoring, pages, registry, reviews, voices

PROFILES = Path(__file__).resolve().parents[2] / "demo"
# What builds on the agenda as its source has it, before anything is invented.
ON_THE_AGENDA: list[Any] = [editions.build_on_agenda]
# What shows the rest of the pipeline, in this order; each module reads a file of its own in the profile's folder.
FEATURES: list[Any] = [measures, reviews, merging, voices, monitoring, editions]
ACCOUNTS: dict[str, tuple[str, Role | None]] = {
    "buergerin": ("Anna Beispiel", None),
    "pruefung": ("Pia Prüfung", Role.REVIEWER),
    "pruefung2": ("Paul Probe", Role.REVIEWER),
    "leitung": ("Lea Leitung", Role.LEAD),
    "leitung2": ("Leo Leitung", Role.LEAD),
    "projekt": ("Petra Projekt", Role.PROJECT_LEAD),
    "redaktion": ("Rita Redaktion", Role.EDITOR),
    "moderation": ("Momo Moderation", Role.MODERATOR),
    "jury": ("Juri Jury", Role.JURY),
    "jury2": ("Jana Jury", Role.JURY),
    "admin": ("Ada Verwaltung", Role.ADMIN),
}


class Command(BaseCommand):
    help = "Lädt die Demo-Inhalte eines Profils in eine leere Datenbank und legt Demo-Konten an."

    def add_arguments(self, parser: CommandParser) -> None:
        profiles = sorted(path.name for path in PROFILES.iterdir() if (path / "agenda.yaml").exists())
        parser.add_argument("--profile", choices=profiles, default="myk10")
        parser.add_argument(
            "--agenda-only", action="store_true", help="nur Seiten und Einstellungen, keine Ideen und Maßnahmen"
        )
        parser.add_argument("--if-empty", action="store_true", help="nichts tun, wenn schon Inhalte da sind")
        parser.add_argument("--password", help="Kennwort der Demo-Konten (sonst wird eines ausgedacht und gezeigt)")

    def handle(self, *args: Any, **options: Any) -> None:
        if HomePage.objects.exists():
            if not options["if_empty"]:
                raise CommandError("Die Datenbank hat schon Inhalte. Demo-Inhalte kommen nur in eine leere.")
            self._show_accounts()
            return
        profile = PROFILES / options["profile"]
        data = {name: _read(profile / f"{name}.yaml") for name in ("agenda", "seiten", "beispiele")}
        data |= {name: _read(profile / f"{name}.yaml", optional=True) for name in ("ideen", "englisch")}
        password = options["password"] or secrets.token_urlsafe(9)
        with transaction.atomic():
            self._load(data, profile, password, agenda_only=options["agenda_only"])
        call_command("rebuild_search", verbosity=0)
        self._keep_accounts(password)
        self._show_accounts()

    def _load(self, data: dict[str, Any], profile: Path, password: str, *, agenda_only: bool) -> None:
        self.stdout.write("Konten …")
        people = {name: _account(name, password) for name in ACCOUNTS}
        self.stdout.write("Seiten …")
        home = pages.build(data)
        for build_pages in registry.page_builders:
            build_pages(home, profile)
        if not agenda_only:
            before = OutboxMessage.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
            builder = ideas.Builder(data["agenda"], data["seiten"]["site"]["kontakt_stelle"], people)
            self.stdout.write("Maßnahmen …")
            builder.measures()
            self.stdout.write("Ideen …")
            builder.agenda_ideas(data["ideen"])
            for build in ON_THE_AGENDA:
                build(builder, profile)
            builder.examples(data["beispiele"]["beispiele"], data["beispiele"].get("ab"))
            for feature in FEATURES:
                feature.build(builder, profile)
            for build_feature in registry.feature_builders:
                build_feature(builder, profile)
            # These steps were never taken: nobody gets mail about them, and the index is built in one go.
            OutboxMessage.objects.filter(pk__gt=before).delete()

    def _keep_accounts(self, password: str) -> None:
        lines = [f"{name}@example.org".ljust(26) + f" {role or 'Bürgerin'}" for name, (_full, role) in ACCOUNTS.items()]
        file = settings.VAR_DIR / "demo-konten.txt"
        file.touch(mode=0o600)
        file.write_text("\n".join([f"Demo-Konten, Kennwort für alle: {password}", *lines]) + "\n")

    def _show_accounts(self) -> None:
        file = settings.VAR_DIR / "demo-konten.txt"
        if file.exists():
            self.stdout.write(file.read_text())


def _read(file: Path, *, optional: bool = False) -> Any:
    return None if optional and not file.exists() else yaml.safe_load(file.read_text())


def _account(name: str, password: str) -> User:
    full_name, role = ACCOUNTS[name]
    first, _, last = full_name.partition(" ")
    user = User.objects.create_user(
        f"{name}@example.org",
        password,
        first_name=first,
        last_name=last,
        display_name=full_name,
        is_superuser=name == "admin",
        is_staff=name == "admin",
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if role:
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
    return user
