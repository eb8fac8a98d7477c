"""The pages of a member of a jury, in the account: who gets in, what they show, that nothing typed is lost, what they cost."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.roles import Role
from participation import actions, jury
from participation.models import Competition, Entry, JuryMember, JurySheet
from participation.phases import Phase
from tests.factories import participation as make
from tests.factories.ideas import make_idea
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Competition:
    return make.jury_competition(title="Grüne Schulhöfe", slug="schulhoefe")


@pytest.fixture
def member(found: Competition) -> JuryMember:
    return make.member(found, UserFactory(jury=True, first_name="Mia", last_name="Muster", email="mia@example.org"))


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def own(member: JuryMember) -> Client:
    return browser_of(member.user)


def address(about: Entry) -> str:
    return f"/konto/jury/schulhoefe/{about.idea.number}/"


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


def answers(found: Competition, answer: Any = "1", **more: Any) -> dict[str, Any]:
    return {**{f"c{criterion.pk}": answer for criterion in jury.criteria_of(found)}, **more}


# --- who gets in ------------------------------------------------------------------------------------------------------


def test_only_a_member_with_the_role_opens_the_pages(found: Competition, member: JuryMember) -> None:
    about = make.entry(found)
    pages = ("/konto/jury/schulhoefe/", address(about))
    for page in (*pages, "/konto/jury/"):
        answer = Client().get(page)
        assert (answer.status_code, "/konto/login/" in answer["Location"]) == (302, True)
    for role in Role:
        stranger = browser_of(UserFactory(roles=[role]))
        assert [stranger.get(page).status_code for page in pages] == [404, 404], role
        assert stranger.post(address(about), answers(found, action="hand_in")).status_code == 404
        assert "Grüne Schulhöfe" not in stranger.get("/konto/jury/").text
    assert [browser_of(member.user).get(page).status_code for page in pages] == [200, 200]
    assert member.user
    member.user.groups.clear()
    assert [browser_of(member.user).get(page).status_code for page in pages] == [404, 404]
    assert "in keiner Jury" in browser_of(member.user).get("/konto/jury/").text
    assert not JurySheet.objects.exists(), "looking makes no sheet"


def test_no_page_of_a_jury_is_kept_by_a_cache(found: Competition, own: Client) -> None:
    for page in ("/konto/jury/", "/konto/jury/schulhoefe/", address(make.entry(found))):
        assert "no-store" in own.get(page)["Cache-Control"]


def test_the_account_leads_members_to_their_juries(own: Client, member: JuryMember) -> None:
    assert 'href="/konto/jury/"' in own.get("/konto/").text
    assert 'href="/konto/jury/"' not in browser_of(UserFactory(jury=True)).get("/konto/").text
    assert 'href="/en/konto/jury/"' in own.get("/en/konto/").text


def test_a_competition_that_is_not_published_is_not_there(found: Competition, own: Client) -> None:
    about = make.entry(found)
    found.page.unpublish()
    assert own.get(address(about)).status_code == 404
    assert "in keiner Jury" in own.get("/konto/jury/").text


def test_an_entry_that_nobody_may_read_is_not_there(found: Competition, own: Client) -> None:
    unreleased, proposed = make.entry(found, idea=make_idea()), make.entry(found, state=Entry.State.PROPOSED)
    elsewhere = make.entry(make.jury_competition())
    for about in (unreleased, proposed, elsewhere):
        assert own.get(address(about)).status_code == 404
    assert own.get("/konto/jury/schulhoefe/999999999/").status_code == 404


# --- what they show ---------------------------------------------------------------------------------------------------


def test_the_lists_say_how_far_the_member_is_and_until_when(found: Competition, own: Client, member: JuryMember) -> None:
    first, second, third = (make.entry(found) for _each in range(3))
    make.scored(member, first, 1)
    actions.declare_conflict(actions.sheet_of(member, second), "Mein Verein.", by=member.user)
    for page in ("/konto/jury/", "/konto/jury/schulhoefe/"):
        text = text_of(own.get(page))
        assert "1 von 2 Bewertungen abgegeben" in text
        assert "bei einer Idee befangen" in text
        assert "Bewerten können Sie bis zum" in text
    listed = [
        int(number) for number in re.findall(r'href="/konto/jury/schulhoefe/(\d+)/"', own.get("/konto/jury/schulhoefe/").text)
    ]
    assert listed == [each.idea.number for each in jury.in_members_order(member, (first, second, third))]


@pytest.mark.parametrize(
    ("phase", "sentence"),
    [
        (Phase.VOTING, "Die Phase „Jury“ beginnt am"),
        (Phase.RESULT, "Die Phase „Jury“ ist am"),
        (None, "Gerade bewertet die Jury nicht."),
    ],
)
def test_outside_the_phase_a_friendly_sentence_says_when(phase: Phase | None, sentence: str) -> None:
    found = make.competition(phase, slug="schulhoefe", jury_scheme=make.jury_version())
    member, about = make.member(found), make.entry(found)
    own = browser_of(member.user)
    for page in ("/konto/jury/", "/konto/jury/schulhoefe/", address(about)):
        assert sentence in text_of(own.get(page))
    page = own.get(address(about))
    assert "Abgeben" not in text_of(page)
    assert all(criterion.name in text_of(page) for criterion in jury.criteria_of(found)), "to prepare oneself"


def test_each_criterion_is_a_group_with_what_each_step_means(found: Competition, own: Client) -> None:
    page = own.get(address(make.entry(found))).text
    for criterion in jury.criteria_of(found):
        assert f'id="id_c{criterion.pk}"' in page, "where the summary of errors leads to"
        for choice in criterion.choices:
            assert f'name="c{criterion.pk}"' in page
            assert choice["description"] in page
    assert " checked" not in page


def test_what_people_wrote_is_shown_as_text(found: Competition, member: JuryMember, own: Client) -> None:
    evil = "<script>alert(1)</script>"
    about = make.entry(found, idea=make_idea(released=True, title=f"Baum {evil}", text=f"Text {evil}"))
    other = make.member(found, UserFactory(jury=True, display_name=evil))
    make.scored(other, about, 1, comment=evil)
    make.scored(member, about, 1, comment=evil)
    for page in ("/konto/jury/schulhoefe/", address(about)):
        assert "<script>alert" not in own.get(page).text


def test_a_draft_comes_back_and_what_is_handed_in_is_for_reading(found: Competition, own: Client) -> None:
    about = make.entry(found)
    answer = own.post(address(about), answers(found, action="draft", comment="Noch offen."))
    assert (answer.status_code, answer["Location"]) == (302, "/konto/jury/schulhoefe/")
    page = own.get(address(about)).text
    assert page.count(" checked") == len(jury.criteria_of(found))
    assert "Noch offen." in page
    assert own.post(address(about), answers(found, action="hand_in", comment="Fertig.")).status_code == 302
    page = own.get(address(about)).text
    assert "<textarea" not in page
    assert "Fertig." in page
    assert "schon abgegeben" in page
    assert "Noch hat sonst niemand diese Idee bewertet." in page


def test_others_scores_show_after_handing_in_with_names_but_no_address(
    found: Competition, own: Client, member: JuryMember
) -> None:
    about = make.entry(found)
    named = make.member(found, UserFactory(jury=True, display_name="Ole Beispiel", email="ole@example.org"))
    nameless = make.member(found, UserFactory(jury=True, email="geheim@example.org"))
    make.scored(named, about, 2, comment="Canary von Ole")
    make.scored(nameless, about, 2, comment="Canary ohne Namen")
    assert "Canary" not in own.get(address(about)).text
    own.post(address(about), answers(found, action="draft"))
    assert "Canary" not in own.get(address(about)).text
    own.post(address(about), answers(found, action="hand_in"))
    page = own.get(address(about)).text
    for words in ("Canary von Ole", "Canary ohne Namen", "Ole Beispiel", "Ein weiteres Mitglied"):
        assert words in page
    assert "ole@example.org" not in page
    assert "geheim@example.org" not in page


# --- nothing typed is lost --------------------------------------------------------------------------------------------


def test_missing_answers_are_named_beside_each_criterion_and_the_draft_is_kept(found: Competition, own: Client) -> None:
    about = make.entry(found)
    first, *others = jury.criteria_of(found)
    page = own.post(address(about), {f"c{first.pk}": "1", "comment": "Mein Satz.", "action": "hand_in"})
    assert page.status_code == 422
    assert "Bitte beantworten Sie noch alle Kriterien. Ihr Entwurf ist gespeichert." in page.text
    assert page.text.count("Bitte wählen Sie bei „") == 2 * len(others), "in the summary and beside the field"
    assert f'href="#id_c{others[0].pk}"' in page.text
    assert "Mein Satz." in page.text
    assert JurySheet.objects.get().comment == "Mein Satz."


def test_a_form_opened_in_time_and_sent_too_late_keeps_its_text(found: Competition, own: Client) -> None:
    about = make.entry(found)
    make.plan(found, Phase.RESULT)
    page = own.post(address(about), answers(found, action="hand_in", comment="Eine Stunde Arbeit."))
    assert page.status_code == 409
    assert "Die Phase „Jury“ ist am" in page.text
    assert "Eine Stunde Arbeit." in page.text
    assert page.text.count(" checked") == len(jury.criteria_of(found))
    assert "Kopieren Sie es" in page.text
    assert not JurySheet.objects.exists()


def test_an_entry_taken_out_meanwhile_keeps_the_text_too(found: Competition, own: Client) -> None:
    about = make.entry(found)
    actions.take_out(about, by=UserFactory(lead=True), reason="Doppelt.")
    page = own.post(address(about), answers(found, action="draft", comment="Eine Stunde Arbeit."))
    assert page.status_code == 409
    assert "nimmt nicht mehr am Wettbewerb teil" in page.text
    assert "Eine Stunde Arbeit." in page.text


def test_what_was_handed_in_in_another_window_is_said_and_not_overwritten(
    found: Competition, own: Client, member: JuryMember
) -> None:
    about = make.entry(found)
    make.scored(member, about, 0, comment="Zuerst.")
    page = own.post(address(about), answers(found, "2", action="hand_in", comment="Danach."))
    assert page.status_code == 409
    assert "schon abgegeben" in page.text
    assert "Danach." in page.text
    assert JurySheet.objects.get().comment == "Zuerst."


def test_a_conflict_without_a_reason_loses_no_answer(found: Competition, own: Client) -> None:
    about = make.entry(found)
    page = own.post(address(about), answers(found, action="conflict", comment="Getippt.", reason=""))
    assert page.status_code == 422
    assert "warum Sie befangen sind" in page.text
    assert "Getippt." in page.text
    assert page.text.count(" checked") == len(jury.criteria_of(found))
    assert own.post(address(about), {"action": "conflict", "reason": "Mein Verein."}).status_code == 302
    page = own.get(address(about))
    assert "Mein Verein." in page.text
    assert "<textarea" not in page.text


@pytest.mark.parametrize(
    "data",
    [
        {"action": "hand_in", "comment": "x\x00y"},
        {"action": "draft", "comment": "x" * 6000},
        {"action": "gibtesnicht"},
        {"action": "conflict", "reason": "…"},
        {"action": "conflict", "reason": "x" * 2000},
        {},
    ],
)
def test_bad_input_is_answered_in_words(found: Competition, own: Client, data: dict[str, str]) -> None:
    about = make.entry(found)
    assert own.post(address(about), data).status_code in (302, 422)
    assert own.post(address(about), answers(found, "99", **data)).status_code in (302, 422)
    assert not JurySheet.objects.exclude(state="open").exists()


def test_the_members_own_idea_says_that_others_score_it(found: Competition, own: Client, member: JuryMember) -> None:
    about = make.entry(found, idea=make_idea(released=True, user=member.user))
    assert "Die eigene Idee bewertet jemand anderes." in own.get(address(about)).text
    assert own.post(address(about), answers(found, action="hand_in")).status_code == 409
    assert address(about) not in own.get("/konto/jury/schulhoefe/").text


# --- what they cost ---------------------------------------------------------------------------------------------------


def cost(client: Client, page: str) -> int:
    client.get(page)  # sessions, sites and words are at hand afterwards
    with CaptureQueriesContext(connection) as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_the_pages_cost_the_same_for_three_entries_as_for_thirty(found: Competition, own: Client, member: JuryMember) -> None:
    other = make.member(found)

    def fill(number: int) -> Entry:
        entries = [make.entry(found) for _each in range(number)]
        for about in entries:
            make.scored(other, about, 1)
        make.scored(member, entries[0], 1)
        make.scored(member, entries[1], 1, hand_in=False)
        return entries[0]

    about = fill(3)
    pages = ("/konto/jury/", "/konto/jury/schulhoefe/", address(about))
    few = [cost(own, page) for page in pages]
    fill(27)
    make.member(make.jury_competition(), member.user)
    for _each in range(5):
        make.scored(make.member(found), about, 1)
    assert [cost(own, page) for page in pages] == few
    assert max(few) <= 26, few
