"""A stranger reports a comment and reads the decision later; a moderator's day. With JavaScript and without; axe looks at every
page on the way."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from accounts.roles import Role
from participation import actions
from participation.comment_workflow import Action, State
from participation.models import Block, Comment
from tests import axe
from tests.accounts.people import person as signed_up
from tests.conftest import DEMO_PASSWORD
from tests.e2e.conftest import SCRIPTS
from tests.factories import comments as make
from tests.factories.ideas import make_idea

pytestmark = pytest.mark.slow

MIA, MAX = "mia@example.org", "max@example.org"
People = Callable[..., Page]


@pytest.fixture
def team(transactional_db: None) -> None:
    """Two moderators, and a house that shows comments at once."""
    make.rules(**make.OPEN)
    for email, name in ((MIA, "Mia Moderation"), (MAX, "Max Moderation")):
        user = signed_up(roles=[Role.MODERATOR], email=email, display_name=name)
        user.set_password(DEMO_PASSWORD)
        user.save()


def look(page: Page, scripts: bool) -> None:
    """Without JavaScript the browser runs no axe either; the same pages are looked at with it."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth") if scripts else True
    if scripts:
        page.wait_for_load_state("networkidle")
        page.eval_on_selector_all(
            ".desk-step", "steps => steps.forEach(step => { step.dataset.was = step.open; step.open = true })"
        )
        assert axe.violations(page) == []
        page.eval_on_selector_all(".desk-step", "steps => steps.forEach(step => { step.open = step.dataset.was === 'true' })")


def say(page: Page, message: str) -> None:
    expect(page.locator(".messages").first).to_contain_text(message)


def state_of(comment: Comment) -> str:
    return Comment.objects.get(pk=comment.pk).state


def decide(page: Page, label: str, *, ground: str = "", reason: str = "") -> None:
    step = page.locator(".desk-step").filter(has=page.locator("summary", has_text=label)).first
    step.locator("summary").click()
    if ground:
        step.locator("select").select_option(label=ground)
    if reason:
        step.locator("textarea[name=reason]").fill(reason)
    step.locator("button[type=submit]").last.click()
    page.wait_for_load_state()


@SCRIPTS
def test_a_stranger_reports_without_an_account_and_later_reads_the_decision(scripts: bool, team: None, person: People) -> None:
    comment = make.comment(text="Sie sind alle miteinander unfähig!", on=make_idea(released=True, title="Trinkbrunnen"))
    stranger = person(scripts=scripts)
    stranger.goto(f"/kommentare/{comment.pk}/melden/")
    expect(stranger.get_by_role("main")).to_contain_text("Sie sind alle miteinander unfähig!")
    look(stranger, scripts)
    send = stranger.get_by_role("main").get_by_role("button", name="Kommentar melden")
    stranger.get_by_label("Was genau?").fill("Das ganze Amt zu beschimpfen hilft niemandem.")
    send.click()
    expect(stranger.locator(".error-summary")).to_contain_text("Bitte wählen Sie einen Grund aus.")
    expect(stranger.get_by_label("Was genau?")).to_have_value("Das ganze Amt zu beschimpfen hilft niemandem.")
    look(stranger, scripts)
    stranger.get_by_label("Beleidigung oder Drohung").check()
    stranger.get_by_label("Ich versichere, dass").check()
    send.click()
    stranger.wait_for_url("**/meldungen/**")
    receipt = stranger.url
    expect(stranger.get_by_role("main")).to_contain_text("Noch nicht entschieden.")
    look(stranger, scripts)

    mia = person(MIA, scripts=scripts)
    mia.goto("/admin/moderation/?ordner=gemeldet")
    look(mia, scripts)
    mia.get_by_role("link", name=f"Kommentar {comment.pk}", exact=True).click()
    expect(mia.locator("main")).to_contain_text("Das ganze Amt zu beschimpfen hilft niemandem.")
    look(mia, scripts)
    decide(mia, "Ausblenden", ground="Beleidigung oder Drohung", reason="Der Kommentar greift Menschen an, nicht ihre Arbeit.")
    say(mia, f"Kommentar {comment.pk} ist ausgeblendet.")

    later = person(scripts=scripts)
    later.goto(receipt)
    expect(later.get_by_role("main")).to_contain_text("Wir zeigen den Kommentar nicht mehr.")
    expect(later.get_by_role("main")).to_contain_text("Der Kommentar greift Menschen an, nicht ihre Arbeit.")
    expect(later.get_by_role("main")).not_to_contain_text("unfähig")
    look(later, scripts)


@SCRIPTS
def test_a_moderators_day(scripts: bool, team: None, person: People) -> None:
    idea = make_idea(released=True, title="Trinkbrunnen")
    author = make.person("Otto Ott")
    first = make.comment(State.HELD, on=idea, text="Endlich frisches Wasser.", by=author)
    second = make.comment(State.HELD, on=idea, text="Kauft bei www.beispiel.example!", by=author)
    third = make.comment(on=idea, text="Der Brunnen ist alt.", by=author)
    actions.decide(third, Action.KEEP, by=make.moderator(), reason="In Ordnung.")
    actions.edit(third, "Der Brunnen ist eine Zumutung.", author)

    # The morning: what waits, one after the other.
    mia = person(MIA, scripts=scripts)
    mia.goto("/admin/")
    mia.get_by_role("main").get_by_role("link", name="2 Kommentare: Wartet").click()
    mia.get_by_role("link", name=f"Kommentar {first.pk}", exact=True).click()
    decide(mia, "Freigeben")
    say(mia, f"Kommentar {first.pk} ist freigegeben.")
    expect(mia.locator("main")).to_contain_text("Kauft bei www.beispiel.example!")

    # A reason begins with words for the ground, and can be changed.
    step = mia.locator(".desk-step").filter(has=mia.locator("summary", has_text="Nicht veröffentlichen"))
    step.locator("summary").click()
    step.locator("select").select_option(label="Werbung oder Spam")
    step.get_by_role("button", name="Textvorlage für diesen Grund einsetzen").click()
    expect(step.locator("textarea[name=reason]")).to_have_value(
        "Der Kommentar wirbt für ein Angebot und hat mit dem Thema nichts zu tun."
    )
    look(mia, scripts)
    step.locator("button[type=submit]").last.click()
    say(mia, f"Kommentar {second.pk} wird nicht veröffentlicht.")
    assert (state_of(first), state_of(second)) == ("public", "refused")

    # An edit, side by side with what stands there.
    mia.goto("/admin/moderation/?ordner=aenderungen")
    mia.get_by_role("link", name=f"Kommentar {third.pk}", exact=True).click()
    expect(mia.locator("ins")).to_contain_text(["eine Zumutung"])
    look(mia, scripts)
    decide(mia, "Änderung freigeben")
    assert Comment.objects.get(pk=third.pk).comment == "Der Brunnen ist eine Zumutung."

    # The author objects to the refusal. Mia may not decide about that, Max may.
    actions.complain(second, "Das war nur ein Beispiel.", author)
    mia.goto(f"/admin/moderation/{second.pk}/?ordner=einsprueche")
    expect(mia.locator("main")).to_contain_text("Sie haben zuerst entschieden.")
    look(mia, scripts)
    max_ = person(MAX, scripts=scripts)
    max_.goto("/admin/moderation/?ordner=einsprueche")
    max_.get_by_role("link", name=f"Kommentar {second.pk}", exact=True).click()
    max_.get_by_label("Den Einspruch zurückweisen").check()
    max_.locator("#complaint_reason").fill("Auch als Beispiel ist es Werbung.")
    max_.get_by_role("button", name="Über den Einspruch entscheiden").click()
    say(max_, f"Über den Einspruch zu Kommentar {second.pk} ist entschieden.")
    assert state_of(second) == "refused"

    # Later Max looks once more and shows it after all; then blocks the author for a week, and sets them free again.
    max_.goto(f"/admin/moderation/{second.pk}/")
    decide(max_, "Wieder einblenden")
    assert state_of(second) == "public"
    max_.goto(f"/admin/moderation/{second.pk}/")
    max_.locator("summary", has_text="Person sperren").click()
    max_.locator("#block_days").select_option(label="7 Tage")
    max_.locator("#block_reason").fill("Dreimal Werbung in einer Woche.")
    look(max_, scripts)
    max_.get_by_role("button", name="Sperren", exact=True).click()
    say(max_, "Die Person ist gesperrt.")
    max_.goto("/admin/moderation/gesperrt/")
    look(max_, scripts)
    max_.get_by_role("button", name="Sperre aufheben").click()
    assert not Block.objects.in_force().exists()
    max_.goto("/admin/moderation/protokoll/")
    expect(max_.locator("main")).to_contain_text("Auch als Beispiel ist es Werbung.")
    look(max_, scripts)


@SCRIPTS
def test_comments_that_were_read_in_the_list_are_passed_together(scripts: bool, team: None, person: People) -> None:
    idea = make_idea(released=True, title="Trinkbrunnen")
    found = [make.comment(on=idea, text=f"Meinung {number}") for number in range(3)]
    mia = person(MIA, scripts=scripts)
    mia.goto("/admin/moderation/?ordner=ungesehen")
    look(mia, scripts)
    mia.get_by_role("link", name="Alle auf dieser Seite auswählen").click()
    mia.get_by_label(f"Kommentar {found[1].pk} auswählen").uncheck()
    mia.get_by_role("button", name="Als gesehen freigeben").click()
    expect(mia.locator("main")).to_contain_text("2 Kommentare werden freigegeben")
    look(mia, scripts)
    mia.get_by_role("button", name="Freigeben", exact=True).click()
    say(mia, "2 Kommentare sind freigegeben.")
    assert list(Comment.objects.filter(approved_at=None)) == [found[1]]


def test_a_comment_is_hidden_by_keyboard_alone(team: None, person: People) -> None:
    comment = make.comment(on=make_idea(released=True, title="Trinkbrunnen"))
    mia = person(MIA)
    mia.goto(f"/admin/moderation/{comment.pk}/")
    mia.locator("summary", has_text="Ausblenden").focus()
    mia.keyboard.press("Enter")
    mia.keyboard.press("Tab")
    expect(mia.locator("#hide_ground")).to_be_focused()
    mia.keyboard.press("ArrowDown")
    mia.keyboard.press("Tab")
    mia.keyboard.press("Tab")
    expect(mia.locator("#hide_reason")).to_be_focused()
    mia.keyboard.type("Bitte bleiben Sie freundlich.")
    mia.keyboard.press("Tab")
    mia.keyboard.press("Tab")
    mia.keyboard.press("Enter")
    say(mia, f"Kommentar {comment.pk} ist ausgeblendet.")
    assert state_of(comment) == "hidden"


def test_an_author_objects_and_reads_the_second_decision(team: None, person: People) -> None:
    comment = make.comment(State.HIDDEN, on=make_idea(released=True, title="Trinkbrunnen"), text="Stein des Anstoßes")
    user = comment.user
    user.set_password(DEMO_PASSWORD)
    user.save()
    signed_up_address(user)
    otto = person(user.email)
    otto.goto(f"/kommentare/{comment.pk}/einspruch/")
    look(otto, True)
    otto.get_by_label("Warum halten Sie die Entscheidung für falsch?").fill("Das war ein Zitat.")
    otto.get_by_role("button", name="Einspruch einlegen").click()
    expect(otto.get_by_role("main")).to_contain_text("Eine andere Person aus der Moderation liest")
    look(otto, True)
    complaint = Comment.objects.get(pk=comment.pk).steps.get(action=Action.HIDE).complaint
    actions.decide_complaint(complaint, uphold=True, by=make.moderator(), reason="Es war ein Zitat.")
    otto.reload()
    expect(otto.get_by_role("main")).to_contain_text("Sie haben recht bekommen. Ihr Kommentar ist wieder zu lesen.")
    look(otto, True)


def signed_up_address(user: object) -> None:
    """The account's address counts as confirmed."""
    from allauth.account.models import EmailAddress

    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)  # type: ignore[attr-defined]
