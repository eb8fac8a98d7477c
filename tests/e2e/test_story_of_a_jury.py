"""A jury from its appointment to its last sheet: the lead, two members; with JavaScript and without. axe looks at every page on
the way."""

import re
from collections.abc import Callable

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from accounts.roles import Role
from participation import jury_mails
from participation.jury import criteria_of, in_members_order
from participation.models import Competition, Entry, JuryMember, JurySheet
from tests import axe
from tests.accounts.people import person as signed_up
from tests.conftest import DEMO_PASSWORD
from tests.e2e.conftest import SCRIPTS, Post
from tests.factories import participation as make
from tests.factories.ideas import make_idea

pytestmark = pytest.mark.slow

LEAD, MIA, OLE = "leitung@example.org", "mia@example.org", "ole@example.org"
HOME, LIST = "/konto/jury/", "/konto/jury/gruene-schulhoefe/"
People = Callable[..., Page]


@pytest.fixture
def found(transactional_db: None) -> Competition:
    """A competition whose jury scores now, with three ideas; the lead, and two people with the role."""
    found = make.jury_competition(title="Grüne Schulhöfe", slug="gruene-schulhoefe")
    for title in ("Schulgarten", "Sonnensegel", "Wasserspielplatz"):
        make.entry(found, idea=make_idea(released=True, title=title))
    for email, name, role in (
        (LEAD, "Lea Leitung", Role.LEAD),
        (MIA, "Mia Muster", Role.JURY),
        (OLE, "Ole Beispiel", Role.JURY),
    ):
        user = signed_up(roles=[role], email=email, display_name=name)
        user.set_password(DEMO_PASSWORD)
        user.save()
    return found


def look(page: Page, scripts: bool) -> None:
    """Without JavaScript the browser runs no axe either; the same pages are looked at with it."""
    if scripts:
        page.wait_for_load_state("networkidle")
        assert axe.violations(page) == []


def say(page: Page, message: str) -> None:
    expect(page.locator(".messages")).to_contain_text(message)


def choose(page: Page, place: int) -> None:
    """The step at this place, counted from the lowest, of every criterion."""
    for group in page.locator("fieldset.jury-criterion").all():
        group.get_by_role("radio").nth(place).check()


def score(page: Page, about: Entry, place: int) -> None:
    page.goto(f"{LIST}{about.idea.number}/")
    choose(page, place)
    page.get_by_role("button", name="Abgeben").click()
    say(page, f"Ihre Bewertung der Idee {about.idea.number} ist abgegeben.")


def order_of(email: str, found: Competition) -> list[Entry]:
    seat = JuryMember.objects.get(competition=found, user__email=email)
    return in_members_order(seat, found.entries.select_related("idea"))


def appoint(lead: Page, name: str) -> None:
    lead.get_by_label("Person").select_option(label=name)
    lead.get_by_role("button", name="Berufen").click()
    say_at_desk(lead, f"{name} sitzt jetzt in der Jury")


def say_at_desk(page: Page, message: str) -> None:
    expect(page.locator(".messages, [data-w-messages-target]").first).to_contain_text(message)


@SCRIPTS
def test_a_jury_is_appointed_scores_blind_and_the_lead_reads_what_it_comes_to(
    scripts: bool, found: Competition, person: People, post: Post
) -> None:
    lead = person(LEAD, scripts=scripts)
    desk = f"/admin/wettbewerbe/{found.pk}/jury/"
    lead.goto(desk)
    expect(lead.locator("main")).to_contain_text("Noch sitzt niemand in der Jury.")
    look(lead, scripts)
    appoint(lead, "Mia Muster")
    appoint(lead, "Ole Beispiel")
    letter = post.newest_to(MIA)
    assert letter.subject == "Sie sind in der Jury: Grüne Schulhöfe"
    with transaction.atomic():
        assert jury_mails.tell_that_scoring_has_begun() == 0, "they have just been told"

    # A member comes by the mail's link through the one door.
    mia = person(scripts=scripts)
    mia.goto(letter.link("/konto/jury/"))
    mia.locator("[name=login]").fill(MIA)
    mia.locator("[name=password]").fill(DEMO_PASSWORD)
    mia.get_by_role("main").get_by_role("button", name="Anmelden").click()
    mia.wait_for_url(f"**{LIST}")
    expect(mia.locator("main")).to_contain_text("0 von 3 Bewertungen abgegeben")
    look(mia, scripts)
    first, second, third = order_of(MIA, found)
    links = mia.locator(".entries h3 a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert links == [f"{LIST}{each.idea.number}/" for each in (first, second, third)]
    mia.goto("/konto/")
    mia.get_by_role("main").get_by_role("link", name="Meine Jurys").click()
    look(mia, scripts)
    mia.get_by_role("main").get_by_role("link", name="Grüne Schulhöfe").click()

    # First a draft, with one answer missing; what is typed comes back.
    mia.locator(".entries h3 a").first.click()
    look(mia, scripts)
    mia.locator("fieldset.jury-criterion").first.get_by_role("radio").nth(2).check()
    mia.get_by_label("Bemerkung").fill("Das hilft vielen Kindern.")
    mia.get_by_role("button", name="Abgeben").click()
    expect(mia.locator(".error-summary")).to_contain_text("Bitte beantworten Sie noch alle Kriterien.")
    expect(mia.get_by_label("Bemerkung")).to_have_value("Das hilft vielen Kindern.")
    look(mia, scripts)
    mia.locator(".error-summary a").first.click()
    missing = mia.locator("fieldset.jury-criterion").nth(1)
    expect(missing.get_by_role("radio").first).to_be_focused()
    missing.get_by_role("radio").first.press("Enter")  # the Enter key never hands in
    say(mia, f"Ihr Entwurf zur Idee {first.idea.number} ist gespeichert.")
    assert not JurySheet.objects.handed_in().exists()
    score(mia, first, 2)
    expect(mia.locator("main")).to_contain_text("1 von 3 Bewertungen abgegeben")
    score(mia, second, 1)

    # At the third one there is a conflict of interest.
    mia.goto(f"{LIST}{third.idea.number}/")
    mia.locator("summary", has_text="Ich bin befangen").click()
    look(mia, scripts)
    mia.get_by_role("button", name="Diese Idee nicht bewerten").click()
    expect(mia.locator(".error-summary")).to_contain_text("warum Sie befangen sind")
    look(mia, scripts)
    mia.get_by_label("Warum sind Sie befangen?").fill("Ich bin im Förderverein der Schule.")
    mia.get_by_role("button", name="Diese Idee nicht bewerten").click()
    say(mia, f"Sie bewerten die Idee {third.idea.number} nicht.")
    expect(mia.locator("main")).to_contain_text("2 von 2 Bewertungen abgegeben")
    expect(mia.locator("main")).to_contain_text("Sie haben alles abgegeben. Danke!")
    look(mia, scripts)
    for about, sentence in (
        (first, "Noch hat sonst niemand diese Idee bewertet."),
        (third, "Ich bin im Förderverein der Schule."),
    ):
        mia.goto(f"{LIST}{about.idea.number}/")
        expect(mia.locator("main")).to_contain_text(sentence)
        expect(mia.get_by_role("button", name="Abgeben")).to_have_count(0)
        look(mia, scripts)

    # The second member learns nothing of it before handing in, and all of it afterwards; the lead neither before the end.
    ole = person(OLE, scripts=scripts)
    ole.goto(f"{LIST}{first.idea.number}/")
    expect(ole.get_by_text("Das hilft vielen Kindern.")).to_have_count(0)
    lead.goto(desk)
    expect(lead.locator("main")).to_contain_text("2 von 2")
    expect(lead.locator("main")).to_contain_text("Ich bin im Förderverein der Schule.")
    expect(lead.locator("main")).to_contain_text("Vorher sieht sie niemand.")
    expect(lead.locator("main")).not_to_contain_text("Gesamt")
    look(lead, scripts)
    for about in (first, second, third):
        score(ole, about, 0)
    ole.goto(f"{LIST}{first.idea.number}/")
    expect(ole.locator("main")).to_contain_text("Mia Muster")
    expect(ole.locator("main")).to_contain_text("Das hilft vielen Kindern.")
    expect(ole.locator("main")).not_to_contain_text(MIA)
    look(ole, scripts)

    lead.goto(desk)
    table = lead.get_by_role("region", name="Bewertungen").get_by_role("table")
    rows = table.get_by_role("row")
    expect(rows).to_have_count(4)
    expect(rows.nth(1)).to_contain_text(str(first.idea.number))
    expect(rows.nth(1)).to_contain_text("Stufen auseinander")
    expect(rows.filter(has_text=re.compile(rf"^\s*{third.idea.number}\b"))).to_contain_text("0 %")
    expect(lead.get_by_role("button", name="Aus der Jury nehmen")).to_have_count(0)
    look(lead, scripts)
    assert len(criteria_of(found)) * 5 == sum(sheet.answers.count() for sheet in JurySheet.objects.handed_in())
