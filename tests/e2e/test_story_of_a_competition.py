"""A competition from the desk of the lead: set up, planned, looked at, published, extended, closed, counted; a second person
publishes the result. axe looks at every page on the way."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from participation import actions
from participation.actions.setup import describe
from participation.local_time import local
from participation.models import Competition
from participation.phases import Phase
from tests import axe
from tests.accounts.people import person as signed_up
from tests.conftest import DEMO_PASSWORD
from tests.e2e.conftest import SCRIPTS
from tests.factories import home_page
from tests.factories.participation import entry, guest, plan

LEAD, SECOND = "leitung@example.org", "zweite@example.org"
DAY = timedelta(days=1)
DATES = (Phase.SUBMISSION, Phase.VOTING, Phase.RESULT)
PARTS = ("", "regeln/", "ablauf/", "beitraege/", "stimmzettel/", "auszaehlung/")
People = Callable[..., Page]


@pytest.fixture
def office(transactional_db: None) -> None:
    """A site with two people who lead."""
    home_page()
    for address in (LEAD, SECOND):
        user = signed_up(lead=True, email=address)
        user.set_password(DEMO_PASSWORD)
        user.save()


def look(page: Page, scripts: bool = True) -> None:
    """Without JavaScript the browser runs no axe either; the same pages are looked at with it."""
    if scripts:
        page.wait_for_load_state("networkidle")
        assert axe.violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def say(page: Page, message: str) -> None:
    expect(page.locator(".messages")).to_contain_text(message)


def write_rules(page: Page, own: Competition, scripts: bool) -> None:
    """Wagtail's editor of formatted text needs JavaScript; without it the words are there already."""
    if not scripts:
        texts = {"title": own.title, "intro": "Worum es geht.", "rules": "<p>Alle können mitmachen.</p>", "prizes": ""}
        describe(own, texts, by=User.objects.get(email=LEAD))
        page.reload()
        return
    page.get_by_role("textbox", name="Regeln").click()
    page.keyboard.type("Alle können mitmachen.")


def type_moment(page: Page, name: str, moment: datetime) -> None:
    shown = local(moment)
    page.locator(f"[name={name}_day]").fill(f"{shown:%Y-%m-%d}")
    page.locator(f"[name={name}_time]").fill(f"{shown:%H:%M}")


def set_the_schedule(lead: Page, own: Competition, scripts: bool) -> None:
    """Three phases of ten days; the first try has the voting begin too early."""
    day = datetime.now(UTC).replace(hour=11, minute=0, second=0, microsecond=0)
    lead.get_by_role("link", name="Ablauf", exact=True).click()
    look(lead, scripts)
    for begin, phase in ((1, "submission"), (10, "voting"), (21, "result")):
        type_moment(lead, f"{phase}_begin", day + begin * DAY)
        if phase != "result":
            type_moment(lead, f"{phase}_end", day + (begin + 10) * DAY)
    lead.get_by_role("button", name="Ablauf speichern").click()
    expect(lead.locator("main")).to_contain_text("Diese Phase beginnt, bevor „Einreichen“ zu Ende ist.")
    look(lead, scripts)
    type_moment(lead, "voting_begin", day + 11 * DAY)
    type_moment(lead, "voting_end", day + 21 * DAY)
    lead.get_by_role("button", name="Ablauf speichern").click()
    say(lead, "Der Ablauf ist gespeichert.")
    own.forget_phases()
    assert [(span.phase, span.starts_at, span.ends_at) for span in own.spans] == [
        (Phase.SUBMISSION, day + DAY, day + 11 * DAY),
        (Phase.VOTING, day + 11 * DAY, day + 21 * DAY),
        (Phase.RESULT, day + 21 * DAY, None),
    ]


def extend_the_phase(lead: Page, own: Competition, scripts: bool) -> None:
    """Two days more, after a look at what moves with it; everybody reads why."""
    own.forget_phases()
    before = own.spans
    assert before[0].ends_at
    lead.goto(f"/admin/wettbewerbe/{own.pk}/ablauf/")
    lead.get_by_role("link", name="Verlängern").click()
    look(lead, scripts)
    type_moment(lead, "new_end", before[0].ends_at + 2 * DAY)
    lead.get_by_label("Öffentlicher Hinweis").fill("Viele wollten noch mitmachen.")
    lead.get_by_role("button", name="Vorschau ansehen").click()
    expect(lead.get_by_role("heading", name="So sähe der Ablauf aus")).to_be_visible()
    expect(lead.locator(".desk-preview-phases li")).to_have_count(3)
    look(lead, scripts)
    lead.get_by_role("button", name="Jetzt verlängern").click()
    say(lead, "Die Phase ist verlängert.")
    look(lead, scripts)
    own.forget_phases()
    days = [local(span.starts_at).date() for span in before]
    assert [local(span.starts_at).date() for span in own.spans] == [days[0], days[1] + 2 * DAY, days[2] + 2 * DAY]
    lead.goto(f"/wettbewerbe/{own.slug}/")
    expect(lead.locator("main")).to_contain_text("Viele wollten noch mitmachen.")


@SCRIPTS
@pytest.mark.slow
def test_the_lead_sets_up_and_counts_and_a_second_person_publishes(office: None, person: People, scripts: bool) -> None:
    lead = person(LEAD, scripts=scripts)

    # Set up.
    lead.goto("/admin/wettbewerbe/")
    look(lead, scripts)
    lead.get_by_role("link", name="Neuer Wettbewerb").click()
    look(lead, scripts)
    lead.get_by_label("Titel").fill("Höfe für alle")
    lead.get_by_label("Einleitung").fill("Worum es geht.")
    lead.get_by_role("button", name="Anlegen").click()
    say(lead, "Der Wettbewerb ist angelegt.")
    own = Competition.objects.get(page__slug="hoefe-fuer-alle")
    write_rules(lead, own, scripts)
    look(lead, scripts)
    lead.get_by_label("Art der Abstimmung").select_option("budget")
    lead.get_by_label("Stimmen je Person").fill("3")
    lead.get_by_label("Davon höchstens für eine Idee").fill("5")
    lead.get_by_role("button", name="Speichern", exact=True).click()
    expect(lead.locator("main")).to_contain_text("höchstens so viele Stimmen geben, wie eine Person hat")
    look(lead, scripts)
    lead.get_by_label("Davon höchstens für eine Idee").fill("2")
    lead.get_by_role("button", name="Speichern", exact=True).click()
    say(lead, "Gespeichert.")

    # See what is missing, look at it, publish it.
    overview = f"/admin/wettbewerbe/{own.pk}/"
    lead.goto(overview)
    expect(lead.locator("main")).to_contain_text("Der Ablauf fehlt")
    look(lead, scripts)
    set_the_schedule(lead, own, scripts)
    lead.goto(overview)
    expect(lead.locator("main")).not_to_contain_text("Der Ablauf fehlt")
    lead.get_by_role("link", name="Abstimmung", exact=True).click()
    expect(lead.get_by_role("heading", name="Höfe für alle", level=1)).to_be_visible()
    lead.goto(overview)
    lead.get_by_role("button", name="Veröffentlichen").click()
    say(lead, "Der Wettbewerb ist veröffentlicht.")
    look(lead, scripts)

    # Ideas come in, more than expected: the lead lets the phase last longer.
    plan(own, Phase.SUBMISSION, phases=DATES)
    extend_the_phase(lead, own, scripts)

    # People take part; the time comes.
    own = Competition.objects.with_phases().get(pk=own.pk)
    first, second = entry(own), entry(own)
    plan(own, Phase.VOTING, phases=DATES)
    own = Competition.objects.with_phases().get(pk=own.pk)
    for place in range(12):
        actions.cast(own, guest(), points={first.pk: 2, second.pk: 1}, network="ein-netz" if place else "")
    lead.goto(f"{overview}stimmzettel/")
    look(lead, scripts)
    lead.get_by_label("11 Stimmzettel aus einem Netz").check()
    lead.get_by_label("Öffentlicher Grund").first.fill("Elf Stimmzettel in einer Minute aus einem Netz.")
    lead.get_by_role("button", name="Unter Quarantäne stellen").click()
    say(lead, "11 Stimmzettel stehen unter Quarantäne.")
    look(lead, scripts)
    plan(own, Phase.RESULT, phases=DATES)

    # Close and count.
    lead.goto(overview)
    lead.get_by_role("link", name="Zur Auszählung").click()
    look(lead, scripts)
    lead.get_by_role("button", name="Abstimmung schließen").click()
    say(lead, "Die Abstimmung ist geschlossen.")
    lead.get_by_role("button", name="Auszählen").click()
    say(lead, "Eine zweite Person aus der Leitung prüft das Ergebnis")
    expect(lead.locator("main")).to_contain_text("1 Stimmzettel zählt")
    expect(lead.locator("main")).to_contain_text("Zurückgezogen: 0, unter Quarantäne: 11.")
    expect(lead.get_by_role("button", name="Ergebnis veröffentlichen")).to_have_count(0)
    look(lead, scripts)

    # A second person publishes.
    other = person(SECOND, scripts=scripts)
    other.goto("/admin/wettbewerbe/")
    expect(other.locator("main")).to_contain_text("Bitte prüfen Sie das Ergebnis und veröffentlichen Sie es.")
    other.goto(f"{overview}auszaehlung/")
    other.get_by_role("button", name="Ergebnis veröffentlichen").click()
    say(other, "Das Ergebnis ist veröffentlicht.")
    look(other, scripts)
    assert Competition.objects.get(pk=own.pk).tally.is_published


def test_the_desk_fits_a_phone_and_is_accessible_in_the_dark(office: None, person: People) -> None:
    page = person(LEAD)
    draft = make_a_draft()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for path in ("", "neu/", *(f"{draft.pk}/{part}" for part in PARTS)):
            for width in (320, 1280):
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(f"/admin/wettbewerbe/{path}")
                look(page)


def make_a_draft() -> Any:
    from participation.actions.setup import make

    return make("Wege im Wald", "wege-im-wald", "Worum es geht.", by=User.objects.get(email=LEAD))
