"""Somebody without an account votes, changes the vote and finds the ballot after the close; with JavaScript and without."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from participation.actions import tallying
from participation.models import Ballot, Competition, Entry
from participation.phases import Phase
from tests import axe
from tests.e2e.conftest import SCRIPTS, Post
from tests.factories import UserFactory, make_idea
from tests.factories.participation import competition, entry, plan

pytestmark = [pytest.mark.usefixtures("demo"), pytest.mark.slow]

GUEST = "waehlerin@example.net"
TITLES = ("Bank am Ufer", "Brunnen am Markt", "Carsharing im Dorf")
People = Callable[..., Page]


def open_competition(**rules: object) -> tuple[Competition, list[Entry]]:
    found = competition(title="Ideen für den Fluss", slug="ideen-fuer-den-fluss", **rules)  # type: ignore[arg-type]
    return found, [entry(found, idea=make_idea(title=title, released=True)) for title in TITLES]


def main_button(page: Page, name: str) -> None:
    page.get_by_role("main").get_by_role("button", name=name, exact=True).click()


def faults(page: Page, scripts: bool) -> list[str]:
    return axe.violations(page) if scripts else []  # axe is a script itself


def prove(page: Page, post: Post, scripts: bool) -> None:
    """The guest asks for the link, opens it and presses the button."""
    page.get_by_label("Ihre E-Mail-Adresse").fill(GUEST)
    assert faults(page, scripts) == []
    main_button(page, "Link zum Bestätigen schicken")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bitte sehen Sie in Ihr Postfach")
    assert faults(page, scripts) == []
    page.goto(post.newest_to(GUEST).link("/konto/adresse/"))
    assert faults(page, scripts) == []
    main_button(page, "Bestätigen und weiter")
    expect(page.get_by_text("Ihre E-Mail-Adresse ist bestätigt")).to_be_visible()


def close_count_and_publish(found: Competition) -> None:
    first, second = UserFactory(lead=True), UserFactory(lead=True)
    plan(found, Phase.RESULT)
    found = Competition.objects.with_phases().get(pk=found.pk)
    tallying.close(found, by=first)
    tally = tallying.count(found, by=first)
    tallying.publish(found, seen=tally.head, by=second)


@SCRIPTS
def test_a_guest_votes_changes_the_vote_and_finds_the_ballot_after_the_close(scripts: bool, person: People, post: Post) -> None:
    found, (bench, fountain, _cars) = open_competition(voting="budget", votes=3, votes_per_entry=2)
    page = person(scripts=scripts)
    page.goto(f"/wettbewerbe/{found.slug}/abstimmen/")
    prove(page, post, scripts)

    # Too many: said, and what was typed is still there.
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Stimmzettel")
    assert faults(page, scripts) == []
    page.get_by_label(TITLES[0]).fill("2")
    page.get_by_label(TITLES[1]).fill("2")
    if scripts:
        expect(page.locator("[data-votes-left]")).to_have_text("Zu viel vergeben: 1")
    main_button(page, "Stimmzettel abgeben")
    expect(page.locator(".error-summary")).to_contain_text("Sie haben 3 Stimmen und vergeben hier 4.")
    expect(page.get_by_label(TITLES[1])).to_have_value("2")
    assert faults(page, scripts) == []
    page.get_by_label(TITLES[1]).fill("1")
    if scripts:
        expect(page.locator("[data-votes-left]")).to_have_text("Noch übrig: 0")
    main_button(page, "Stimmzettel abgeben")
    expect(page.get_by_text("Danke! Ihre Stimme ist abgegeben.")).to_be_visible()
    assert faults(page, scripts) == []
    receipt = page.locator(".ballot-code").inner_text()
    assert receipt == Ballot.objects.get(competition=found).receipt

    # The vote is changed: on the ballot, and on the page of one idea.
    page.get_by_label(TITLES[0]).fill("0")
    main_button(page, "Änderung abgeben")
    expect(page.get_by_text("Ihr Stimmzettel ist geändert.")).to_be_visible()
    page.goto(f"/wettbewerbe/{found.slug}/abstimmen/{bench.idea.number}/")
    assert faults(page, scripts) == []
    main_button(page, "Stimme geben")
    expect(page.get_by_text("Danke! Ihre Stimme ist abgegeben. Sie haben noch 1 Stimme.")).to_be_visible()
    assert faults(page, scripts) == []
    assert page.locator(".ballot-code").inner_text() == receipt

    # Until the result is published nobody learns anything; somebody with an open ballot is told that it is too late.
    page.goto(f"/wettbewerbe/{found.slug}/beleg/?code={receipt}")
    expect(page.get_by_text("Das Ergebnis ist noch nicht veröffentlicht.")).to_be_visible()
    assert faults(page, scripts) == []
    page.goto(f"/wettbewerbe/{found.slug}/abstimmen/")
    page.get_by_label(TITLES[2]).fill("1")
    plan(found, Phase.JURY)
    main_button(page, "Änderung abgeben")
    expect(page.get_by_role("heading", level=1)).to_have_text("Das zählt leider nicht mehr")
    expect(page.locator(".ballot-chosen")).to_contain_text(f"{TITLES[2]}: Stimmen: 1")
    assert faults(page, scripts) == []

    close_count_and_publish(found)
    page.goto(f"/wettbewerbe/{found.slug}/beleg/")
    assert faults(page, scripts) == []
    page.get_by_label("Ihr Belegcode").fill("gibt es nicht")
    main_button(page, "Nachsehen")
    expect(page.get_by_text("Ein Belegcode hat 16 Zeichen")).to_be_visible()
    assert faults(page, scripts) == []
    page.get_by_label("Ihr Belegcode").fill(receipt.lower().replace("-", " "))
    main_button(page, "Nachsehen")
    expect(page.get_by_text("Dieser Stimmzettel ist gezählt.")).to_be_visible()
    expect(page.locator(".ballot-chosen li")).to_have_text(
        [f"Idee {each.idea.number}, {each.idea.title}: 1 Stimme" for each in (bench, fountain)]
    )
    expect(page.get_by_text("So steht Ihr Stimmzettel in der veröffentlichten Datei.")).to_be_visible()
    assert faults(page, scripts) == []


@SCRIPTS
def test_somebody_with_an_account_orders_ideas_and_withdraws(scripts: bool, person: People) -> None:
    found, _entries = open_competition(voting="ranking", electorate="account")
    stranger = person(scripts=scripts)
    stranger.goto(f"/wettbewerbe/{found.slug}/abstimmen/")
    expect(stranger.get_by_text("stimmt ab, wer ein Konto hat")).to_be_hidden()
    assert faults(stranger, scripts) == []

    page = person("buergerin@example.org", scripts=scripts)
    page.goto(f"/wettbewerbe/{found.slug}/abstimmen/")
    page.get_by_label(TITLES[0]).select_option("2")
    page.get_by_label(TITLES[1]).select_option("2")
    main_button(page, "Stimmzettel abgeben")
    expect(page.locator(".error-summary")).to_contain_text(f"Platz 2 haben Sie auch „{TITLES[0]}“ gegeben.")
    assert faults(page, scripts) == []
    page.get_by_label(TITLES[1]).select_option("1")
    main_button(page, "Stimmzettel abgeben")
    expect(page.get_by_text("Danke! Ihre Stimme ist abgegeben.")).to_be_visible()
    expect(page.get_by_label(TITLES[0])).to_have_value("2")
    page.goto("/konto/")
    page.get_by_role("link", name="Meine Abstimmungen").click()
    expect(page.get_by_role("main")).to_contain_text(Ballot.objects.get(competition=found).receipt)
    assert faults(page, scripts) == []
    page.get_by_role("link", name="Ideen für den Fluss").first.click()
    main_button(page, "Stimmzettel zurückziehen")
    expect(page.get_by_text("Ihr Stimmzettel ist zurückgezogen. Er zählt nicht.")).to_be_visible()
    assert faults(page, scripts) == []


def test_an_account_that_must_be_verified_and_the_page_of_the_lead_are_accessible(person: People) -> None:
    found, _entries = open_competition(electorate="verified")
    page = person("buergerin@example.org")
    page.goto(f"/wettbewerbe/{found.slug}/abstimmen/")
    expect(page.get_by_role("heading", name="So weisen Sie sich aus")).to_be_visible()
    assert axe.violations(page) == []
    lead = person("leitung@example.org")
    lead.goto("/admin/personen/")
    lead.get_by_label("E-Mail-Adresse des Kontos").fill("buergerin@example.org")
    lead.get_by_role("button", name="Als geprüft eintragen").click()
    expect(lead.get_by_text("Die Person hinter buergerin@example.org ist geprüft.")).to_be_visible()
    lead.goto("/admin/personen/")  # Wagtail's message fades in
    assert axe.violations(lead, "main") == []
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ihr Stimmzettel")
    assert axe.violations(page) == []
