"""The lead's desk of competitions: who gets in, and what every page says when it is empty, filled, or sent something wrong."""

import json
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from wagtail.models import ModelLogEntry

from accounts.models import User
from accounts.roles import Role
from ideas.models import Criterion, ReviewScheme, SchemeVersion
from participation import actions
from participation.models import Ballot, Competition, CompetitionIndexPage, Entry
from participation.phases import Phase
from tests.factories import UserFactory, home_page
from tests.factories.participation import competition, entry, guest, index_page, plan

pytestmark = pytest.mark.django_db
OTHERS = [
    (),
    (Role.CITIZEN,),
    (Role.EDITOR,),
    (Role.REVIEWER,),
    (Role.PROJECT_LEAD,),
    (Role.MODERATOR,),
    (Role.JURY,),
    (Role.ADMIN,),
]
PAGES = ("competition", "setup", "preview", "quarantine", "count")
STEPS = ("publish_page", "count_schliessen", "count_auszaehlen", "count_veroeffentlichen")


def client_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def desk(lead: Any, site: Any) -> Client:
    return client_of(lead)


def address(name: str, *args: Any) -> str:
    return reverse(f"competitions_desk:{name}", args=args)


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def draft(**fields: Any) -> Competition:
    """A competition without dates that nobody sees yet."""
    own = competition(None, **fields)
    own.page.live = False
    own.page.save()
    return Competition.objects.with_phases().get(pk=own.pk)


# --- who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("roles", OTHERS, ids=lambda roles: roles[0].name if roles else "nobody")
def test_only_the_lead_comes_to_the_desk(roles: Any, site: Any) -> None:
    own = competition(Phase.RESULT)
    client = client_of(UserFactory(roles=roles))
    for page in (address("index"), address("new"), *(address(name, own.pk) for name in PAGES)):
        response = client.get(page)
        assert response.status_code == 302
        assert own.title.encode() not in response.content
    for page in (address("new"), *(address(name, own.pk) for name in ("setup", "quarantine", *STEPS))):
        assert client.post(page, {"title": "Fremd", "slug": "fremd"}).status_code == 302
    own.refresh_from_db()
    assert not own.is_closed
    assert Competition.objects.count() == 1


@pytest.mark.parametrize("role", [Role.EDITOR, Role.REVIEWER])
def test_others_have_no_way_to_the_desk_in_their_menu(role: Role, desk: Client) -> None:
    assert address("index") in text_of(desk.get("/admin/"))
    assert address("index") not in text_of(client_of(UserFactory(roles=(role,))).get("/admin/"))


def test_a_competition_that_is_not_there_is_not_found(desk: Client) -> None:
    for name in PAGES:
        assert desk.get(address(name, 999)).status_code == 404
    for name in STEPS:
        assert desk.post(address(name, 999)).status_code == 404


def test_the_tabs_are_those_that_the_competition_has(desk: Client) -> None:
    own = competition(voting="none")
    page = text_of(desk.get(address("competition", own.pk)))
    assert address("quarantine", own.pk) not in page
    assert address("count", own.pk) in page
    own = competition(voting="support")
    assert address("quarantine", own.pk) in text_of(desk.get(address("competition", own.pk)))


# --- all competitions -------------------------------------------------------------------------------------------------


def test_without_a_competition_the_list_says_how_to_begin(desk: Client) -> None:
    assert "Noch kein Wettbewerb." in text_of(desk.get(address("index")))


def test_the_list_says_what_waits_for_the_lead(desk: Client, lead: Any) -> None:
    entry(competition(Phase.SUBMISSION, title="Mit Vorschlag"), state=Entry.State.PROPOSED)
    competition(Phase.VOTING, title="Mitten drin")
    competition(Phase.RESULT, phases=(Phase.VOTING, Phase.RESULT), title="Zu Ende")
    draft(title="Noch nicht fertig")
    page = text_of(desk.get(address("index")))
    assert "1 Vorschlag wartet auf Ihre Entscheidung." in page
    assert "Gerade ist nichts zu tun. „Abstimmung“ läuft bis" in page
    # Its phase ended 5 days ago (see the factory) and closes by itself on the 30th.
    assert "Die Abstimmung ist zu Ende. Bitte schließen Sie sie. Das wartet seit 5 Tagen. Sonst schließt sie sich am" in page
    assert "Der Wettbewerb ist ein Entwurf." in page


def test_the_list_costs_the_same_for_any_number(desk: Client) -> None:

    def queries() -> int:
        desk.get(address("index"))
        with CaptureQueriesContext(connection) as captured:
            desk.get(address("index"))
        return len(captured)

    competition()
    one = queries()
    for _each in range(5):
        entry(competition(Phase.SUBMISSION), state=Entry.State.PROPOSED)
        draft()
    assert queries() == one


# --- a new one --------------------------------------------------------------------------------------------------------


def test_a_new_competition_is_a_draft_that_only_staff_see(desk: Client, lead: Any) -> None:
    index_page()
    response = desk.post(address("new"), {"title": "Ideen für Höfe", "slug": "", "intro": "Worum es geht."})
    own = Competition.objects.get()
    assert response["Location"] == address("setup", own.pk)
    assert (own.slug, own.title, own.page.live) == ("ideen-fuer-hoefe", "Ideen für Höfe", False)
    assert Client().get(own.get_absolute_url()).status_code == 404
    assert ModelLogEntry.objects.filter(action="participation.competition.make", user=lead).count() == 1


def test_the_first_competition_brings_the_page_of_all(desk: Client) -> None:
    home_page()
    desk.post(address("new"), {"title": "Der erste", "slug": "erster", "intro": ""})
    assert CompetitionIndexPage.objects.get().live
    assert Competition.objects.get().get_absolute_url() == "/wettbewerbe/erster/"


def test_an_address_that_is_taken_is_said_beside_it_and_nothing_is_lost(desk: Client) -> None:
    competition(slug="schon-da")
    page = text_of(desk.post(address("new"), {"title": "Noch einer", "slug": "schon-da", "intro": "Mein Text"}), 422)
    assert "Unter dieser Adresse gibt es schon einen Wettbewerb." in page
    assert "Mein Text" in page
    assert Competition.objects.count() == 1


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"title": "", "slug": "x"}, "Bitte geben Sie einen Titel ein."),
        ({"title": "…", "slug": "x"}, "Bitte geben Sie einen Titel ein."),
        ({"title": "Gut", "slug": "nicht gut!"}, "Eine Adresse besteht aus Kleinbuchstaben"),
        ({"title": "Gut", "slug": "a/b"}, "Eine Adresse besteht aus Kleinbuchstaben"),
        ({"title": "日本", "slug": ""}, "Aus diesem Titel ergibt sich keine Adresse."),
        ({"title": "Gut", "slug": "g", "intro": "x" * 801}, "800"),
        ({}, "Bitte geben Sie einen Titel ein."),
    ],
)
def test_what_a_new_competition_lacks_is_said(typed: dict[str, str], sentence: str, desk: Client) -> None:
    index_page()
    assert sentence in text_of(desk.post(address("new"), typed), 422)
    assert not Competition.objects.exists()


# --- texts and rules --------------------------------------------------------------------------------------------------

RULES: dict[str, Any] = {
    "title": "Neuer Titel", "intro": "Neue Einleitung.", "rules": "Alle dürfen.", "prizes": "",
    "voting": "budget", "votes": "5", "votes_per_entry": "2", "electorate": "account", "method": "schulze",
    "jury_scheme": "", "jury_weight": "0", "link_days": "14",
}  # fmt: skip


def save(desk: Client, own: Competition, **changed: Any) -> Any:
    return desk.post(address("setup", own.pk), {**RULES, **changed})


def test_texts_and_rules_are_saved_together(desk: Client, lead: Any) -> None:
    own = draft()
    assert save(desk, own).status_code == 302
    own.refresh_from_db()
    assert (own.voting, own.votes, own.votes_per_entry, own.electorate) == ("budget", 5, 2, "account")
    assert own.title == "Neuer Titel"
    page = own.page.get_latest_revision_as_object()
    assert (page.title, page.intro, page.rules) == ("Neuer Titel", "Neue Einleitung.", "<p>Alle dürfen.</p>")
    logged = ModelLogEntry.objects.get(action="participation.competition.rules", user=lead)
    assert logged.data["changed"]["votes"] == [3, 5]
    assert "Regeln der Abstimmung geändert" in text_of(desk.get(address("competition", own.pk)))


def test_saving_without_a_change_writes_nothing(desk: Client) -> None:
    own = draft()
    save(desk, own)
    before = ModelLogEntry.objects.count(), own.page.revisions.count()
    save(desk, own, rules="")  # the editor sends what stands there
    block = {"key": "a", "text": "Alle dürfen.", "type": "unstyled", "depth": 0, "inlineStyleRanges": [], "entityRanges": []}
    rich = json.dumps({"blocks": [block], "entityMap": {}})
    save(desk, own, rules=rich)
    after = ModelLogEntry.objects.count(), own.page.revisions.count()
    save(desk, own, rules=rich)
    assert (ModelLogEntry.objects.count(), own.page.revisions.count()) == after
    assert after == (before[0] + 2, before[1] + 2)


def test_words_of_a_public_page_are_read_at_once(desk: Client) -> None:
    own = competition(Phase.SUBMISSION)
    save(desk, own)
    assert "Neuer Titel" in Client().get(own.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"votes": "0"}, "Bitte geben Sie eine Zahl von 1 bis 100 ein."),
        ({"votes": "viele"}, "Bitte geben Sie eine Zahl von 1 bis 100 ein."),
        ({"votes": ""}, "Bitte geben Sie eine Zahl von 1 bis 100 ein."),
        ({"votes": "99999999999999999999"}, "Bitte geben Sie eine Zahl von 1 bis 100 ein."),
        ({"votes": "2", "votes_per_entry": "3"}, "Für eine Idee kann es höchstens so viele Stimmen geben"),
        ({"jury_weight": "101"}, "Das Gewicht der Jury liegt zwischen 0 und 100 Prozent."),
        ({"jury_weight": "50"}, "Bitte wählen Sie, nach welchem Prüfbogen die Jury bewertet."),
        ({"jury_scheme": "999"}, "gültige Auswahl"),
        ({"voting": "würfeln"}, "keine gültige Auswahl"),
        ({"electorate": ""}, "Bitte füllen Sie dieses Feld aus."),
        ({"link_days": "-1"}, "Bitte geben Sie eine Zahl von 0 bis 180 ein."),
        ({"title": " "}, "Bitte geben Sie einen Titel ein."),
    ],
)
def test_what_does_not_fit_is_said_beside_it_and_nothing_is_lost(changed: dict[str, str], sentence: str, desk: Client) -> None:
    own = draft()
    response = save(desk, own, **changed)
    page = text_of(response, 422)
    assert sentence in page
    assert "Neue Einleitung." in page
    texts, rules = response.context["texts"], response.context["rules"]
    assert set(texts.errors) | set(rules.errors) <= {*changed, "votes_per_entry", "jury_scheme"}
    own.refresh_from_db()
    assert own.votes == 3


@pytest.mark.parametrize("junk", ["{", "[1,2]", "3", "null", '{"blocks": 3}', '{"blocks":[{"type":"?"}],"entityMap":{}}'])
def test_junk_instead_of_rich_text_is_no_fault_of_the_server(junk: str, desk: Client) -> None:
    assert save(desk, draft(), rules=junk).status_code in (302, 422)


def test_a_jury_scores_by_criteria_with_grades_only(desk: Client) -> None:
    graded, ungraded, asleep = (ReviewScheme.objects.create(name=name, slug=name) for name in ("noten", "ja-nein", "ruht"))
    scale = {"kind": "scale", "steps": [{"value": 0, "label": "wenig"}, {"value": 3, "label": "viel"}]}
    for each, fields in ((graded, scale), (graded, scale), (ungraded, {}), (asleep, scale)):
        version = SchemeVersion.objects.create(scheme=each, number=each.versions.count() + 1)
        Criterion.objects.create(version=version, key="nutzen", name="Nutzen", **fields)
    ReviewScheme.objects.exclude(pk__in=[graded.pk, ungraded.pk]).update(is_active=False)
    page = text_of(desk.get(address("setup", draft().pk)))
    assert "noten (2)" in page  # its newest wording
    for other in ("noten (1)", "ja-nein (1)", "ruht (1)"):
        assert other not in page


def test_from_the_first_vote_on_the_rules_stay(desk: Client) -> None:
    own = competition(Phase.VOTING, voting="support")
    first = entry(own)
    actions.give(own, guest(), first)
    page = text_of(desk.get(address("setup", own.pk)))
    assert "Die Abstimmung hat begonnen. Wie abgestimmt und gezählt wird, steht seitdem fest." in page
    assert save(desk, own).status_code == 302  # the texts can still be changed
    own.refresh_from_db()
    assert (own.voting, own.title) == ("support", "Neuer Titel")


# --- preview and publishing -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", ["", *Phase.values])
def test_a_draft_can_be_seen_as_it_will_look_in_each_phase(phase: str, desk: Client) -> None:
    own = draft(title="Geheim")
    response = desk.get(address("preview", own.pk), {"phase": phase})
    assert "Geheim" in text_of(response)
    assert "private" in response["Cache-Control"]
    assert "public" not in response["Cache-Control"]


def test_a_preview_shows_the_newest_words(desk: Client) -> None:
    own = draft()
    save(desk, own, title="Noch ganz frisch")
    assert "Noch ganz frisch" in text_of(desk.get(address("preview", own.pk)))
    assert desk.get(address("preview", own.pk), {"phase": "quatsch"}).status_code == 404


def test_a_page_is_published_when_nothing_is_missing(desk: Client) -> None:
    own = draft()
    page = text_of(desk.get(address("competition", own.pk)))
    assert "Die Regeln fehlen" in page
    assert "Der Ablauf fehlt" in page
    desk.post(address("publish_page", own.pk))
    own.page.refresh_from_db()
    assert not own.page.live

    save(desk, own)
    plan(own, Phase.SUBMISSION)
    page = text_of(desk.get(address("competition", own.pk)))
    assert "Im Ablauf steht eine Jury" in page
    plan(own, Phase.SUBMISSION, phases=(Phase.SUBMISSION, Phase.VOTING, Phase.RESULT))
    assert "Alles ist da." in text_of(desk.get(address("competition", own.pk)))
    desk.post(address("publish_page", own.pk))
    own.page.refresh_from_db()
    assert own.page.live
    assert "Neuer Titel" in Client().get("/wettbewerbe/" + own.slug + "/").content.decode()


# --- counting ---------------------------------------------------------------------------------------------------------


def over(**rules: Any) -> Competition:
    """A competition whose voting is over, with one vote for the first of two ideas."""
    own = competition(Phase.VOTING, phases=(Phase.VOTING, Phase.RESULT), voting="support", **rules)
    first, _second = entry(own), entry(own)
    actions.give(own, guest(), first)
    plan(own, Phase.RESULT, phases=(Phase.VOTING, Phase.RESULT))
    return Competition.objects.with_phases().get(pk=own.pk)


def test_before_the_close_no_page_of_the_desk_says_how_many_voted(desk: Client) -> None:
    own = competition(Phase.VOTING, voting="support")
    first = entry(own)
    pages = [*(address(name, own.pk) for name in PAGES), address("index")]
    token = re.compile(r'"CSRF_TOKEN": "[^"]+"|name="csrfmiddlewaretoken" value="[^"]+"|&quot;key&quot;: &quot;\w+&quot;')
    before = [token.sub("", text_of(desk.get(page))) for page in pages]
    for _each in range(3):
        actions.give(own, guest(), first)
    assert [token.sub("", text_of(desk.get(page))) for page in pages] == before


def test_close_count_and_publish_take_two_people(desk: Client, lead: Any) -> None:
    own = over()
    assert "Abstimmung schließen" in text_of(desk.get(address("count", own.pk)))
    desk.post(address("count_schliessen", own.pk))
    desk.post(address("count_auszaehlen", own.pk))
    page = text_of(desk.get(address("count", own.pk)))
    assert "Das Ergebnis, noch nicht öffentlich" in page
    assert "1 Stimmzettel zählt" in page
    assert "Wer ausgezählt hat, veröffentlicht nicht." in page
    own = Competition.objects.get(pk=own.pk)
    head = own.tally.head
    desk.post(address("count_veroeffentlichen", own.pk), {"seen": head})
    assert not Competition.objects.get(pk=own.pk).tally.is_published

    second = UserFactory(lead=True, first_name="Zoe", last_name="Zweite")
    assert "Zoe Zweite" in text_of(desk.get(address("count", own.pk)))
    other = client_of(second)
    other.post(address("count_veroeffentlichen", own.pk), {"seen": "0" * 64})
    assert not Competition.objects.get(pk=own.pk).tally.is_published
    other.post(address("count_veroeffentlichen", own.pk), {"seen": head})
    assert Competition.objects.get(pk=own.pk).tally.is_published
    page = text_of(other.get(address("count", own.pk)))
    assert "Veröffentlicht am" in page
    assert "Neu auszählen" not in page
    assert "Das Ergebnis ist veröffentlicht. Es gibt nichts mehr zu tun." in text_of(desk.get(address("competition", own.pk)))


def test_who_leads_alone_is_told_that_a_second_person_is_needed(desk: Client, lead: Any) -> None:
    own = over()
    for name in ("count_schliessen", "count_auszaehlen"):
        desk.post(address(name, own.pk))
    User.objects.exclude(pk=lead.pk).update(is_active=False)
    assert "Außer Ihnen hat niemand die Rolle „Leitung“." in text_of(desk.get(address("count", own.pk)))


def test_a_step_out_of_turn_is_refused_in_a_sentence(desk: Client) -> None:
    own = competition(Phase.VOTING, voting="support")
    for name, sentence in (
        ("count_schliessen", "Schließen lässt sich die Abstimmung erst, wenn sie zu Ende ist."),
        ("count_auszaehlen", "Auszählen lässt sich erst"),
        ("count_veroeffentlichen", "Veröffentlichen lässt sich erst"),
    ):
        response = desk.post(address(name, own.pk), follow=True)
        assert sentence in text_of(response)
    assert desk.get(address("count_schliessen", own.pk)).status_code == 405
    assert not Ballot.objects.filter(is_sealed=True).exists()
