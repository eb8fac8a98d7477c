"""How a competition is voted and counted is set by the lead, fits together, and stays from the first vote or score on. What it
lacks before everybody may see it is said."""

from typing import Any

import pytest
from wagtail.models import ModelLogEntry

from ideas.models import Criterion, ReviewScheme, SchemeVersion
from participation import actions
from participation.actions import setup
from participation.models import Competition, CompetitionIndexPage, JuryMember, JurySheet
from participation.phases import Phase
from participation.readiness import missing
from tests.factories import UserFactory, home_page
from tests.factories.participation import competition, entry, guest

pytestmark = pytest.mark.django_db
Refused = actions.Refused


@pytest.fixture
def lead(db: None) -> Any:
    return UserFactory(lead=True)


def criteria() -> SchemeVersion:
    """What a jury can score by."""
    version = yes_or_no()
    steps = [{"value": 0, "label": "wenig"}, {"value": 3, "label": "viel"}]
    Criterion.objects.create(version=version, key="nutzen", name="Nutzen", kind="scale", steps=steps)
    return version


def yes_or_no() -> SchemeVersion:
    """What no jury can score by: nothing has grades."""
    version = SchemeVersion.objects.create(scheme=ReviewScheme.objects.create(name="Jury", slug="jury"), number=1)
    Criterion.objects.create(version=version, key="geht", name="Geht es?")
    return version


# --- rules ------------------------------------------------------------------------------------------------------------


def test_only_the_lead_sets_anything_up() -> None:
    own, editor = competition(Phase.SUBMISSION), UserFactory(editor=True)
    texts = {"title": "Anders", "intro": "", "rules": "", "prizes": ""}
    for step in (
        lambda: setup.set_rules(own, {"votes": 5}, by=editor),
        lambda: setup.set_rules(own, {}, by=editor),
        lambda: setup.describe(own, texts, by=editor),
        lambda: setup.publish_page(own, by=editor),
        lambda: setup.make("Neu", "neu", "", by=editor),
    ):
        with pytest.raises(Refused, match="fehlt Ihnen die Berechtigung"):
            step()
    assert not ModelLogEntry.objects.filter(action__startswith="participation.").exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"votes": 2, "votes_per_entry": 3}, "höchstens so viele Stimmen geben"),
        ({"jury_weight": 101}, "zwischen 0 und 100 Prozent"),
        ({"jury_weight": 30}, "nach welchem Prüfbogen"),
        ({"jury_scheme": "ja oder nein"}, "Keines seiner Kriterien hat Stufen"),
        ({"voting": "dice"}, "keine gültige Option"),
    ],
)
def test_rules_that_do_not_fit_together_are_refused_and_change_nothing(fields: Any, sentence: str, lead: Any) -> None:
    own = competition(Phase.SUBMISSION)
    given = {name: yes_or_no() if name == "jury_scheme" else value for name, value in fields.items()}
    with pytest.raises(Refused, match=sentence):
        setup.set_rules(own, given, by=lead)
    fresh = Competition.objects.get(pk=own.pk)
    for name in fields:
        assert getattr(own, name) == getattr(fresh, name) == Competition._meta.get_field(name).get_default()


def test_a_change_is_logged_with_old_and_new(lead: Any) -> None:
    own, version = competition(Phase.SUBMISSION, voting="support"), criteria()
    changed = setup.set_rules(own, {"voting": "ranking", "jury_scheme": version, "jury_weight": 40, "votes": 3}, by=lead)
    assert set(changed) == {"voting", "jury_scheme", "jury_weight"}
    logged = ModelLogEntry.objects.get(action="participation.competition.rules")
    assert logged.user == lead
    assert logged.data["changed"] == {
        "voting": ["support", "ranking"],
        "jury_scheme": [None, "Jury (1)"],
        "jury_weight": [0, 40],
    }
    assert setup.set_rules(own, {"voting": "ranking"}, by=lead) == []


@pytest.mark.parametrize(
    ("phase", "sentence"),
    [
        (Phase.SUBMISSION, ""),
        (Phase.REVIEW, ""),
        (Phase.VOTING, "Die Abstimmung hat begonnen"),
        (Phase.JURY, "Die Abstimmung hat begonnen"),
        (Phase.RESULT, "Die Abstimmung hat begonnen"),
    ],
)
def test_rules_are_fixed_from_the_first_moment_of_the_voting_on(phase: Phase, sentence: str, lead: Any) -> None:
    own = competition(phase, voting="support")
    if not sentence:
        assert setup.set_rules(own, {"votes": 9}, by=lead) == ["votes"]
        return
    with pytest.raises(Refused, match=sentence):
        setup.set_rules(own, {"votes": 9}, by=lead)


def test_a_ballot_or_a_score_fixes_the_rules_whatever_the_dates_say_later(lead: Any) -> None:
    voted, scored = competition(Phase.VOTING, voting="support"), competition(None, voting="none")
    actions.give(voted, guest(), entry(voted))
    voted.phases.all().delete()
    JurySheet.objects.create(
        member=JuryMember.objects.create(competition=scored, user=UserFactory(jury=True)), entry=entry(scored)
    )
    for own, sentence in ((voted, "Die Abstimmung hat begonnen"), (scored, "Die Jury hat begonnen")):
        with pytest.raises(Refused, match=sentence):
            setup.set_rules(Competition.objects.get(pk=own.pk), {"link_days": 30}, by=lead)


def test_a_draft_that_nobody_could_vote_in_can_still_be_put_right(lead: Any) -> None:
    own = competition(Phase.VOTING, voting="support")
    own.page.live = False
    own.page.save()
    assert setup.set_rules(own, {"voting": "budget"}, by=lead) == ["voting"]


# --- a new one --------------------------------------------------------------------------------------------------------


def test_a_page_that_stands_at_the_address_of_all_is_named(lead: Any) -> None:
    from pages.models import StandardPage

    home_page().add_child(instance=StandardPage(title="Wettbewerbe von früher", slug="wettbewerbe"))
    with pytest.raises(Refused, match="steht schon eine andere Seite"):
        setup.make("Neu", "neu", "", by=lead)
    assert not CompetitionIndexPage.objects.exists()


def test_a_page_that_somebody_has_locked_is_left_alone(lead: Any) -> None:
    own = competition(Phase.SUBMISSION)
    own.page.locked, own.page.locked_by = True, UserFactory(editor=True)
    own.page.save()
    with pytest.raises(Refused, match="gesperrt"):
        setup.describe(own, {"title": "Anders", "intro": "", "rules": "", "prizes": ""}, by=lead)
    own.page.refresh_from_db()
    assert own.page.title != "Anders"


# --- what is missing --------------------------------------------------------------------------------------------------

WORDS = {"rules": "<p>Alle dürfen.</p>"}
SUBMIT, VOTE, JURY = (Phase.SUBMISSION, Phase.RESULT), (Phase.SUBMISSION, Phase.VOTING), (Phase.SUBMISSION, Phase.JURY)


@pytest.mark.parametrize(
    ("voting", "jury", "phases", "sentences"),
    [
        ("none", False, SUBMIT, []),
        ("support", False, VOTE, []),
        ("none", True, JURY, []),
        ("support", False, SUBMIT, ["im Ablauf fehlt aber die Phase „Abstimmung“"]),
        ("none", False, VOTE, ["in den Regeln fehlt aber, wie abgestimmt wird"]),
        ("none", True, SUBMIT, ["im Ablauf fehlt aber die Phase „Jury“"]),
        ("none", False, JURY, ["in den Regeln fehlt aber der Prüfbogen"]),
        ("support", True, SUBMIT, ["die Phase „Abstimmung“", "die Phase „Jury“"]),
    ],
)
def test_rules_and_dates_belong_together(voting: str, jury: bool, phases: Any, sentences: list[str]) -> None:
    own = competition(Phase.SUBMISSION, phases=phases, voting=voting, jury_scheme=criteria() if jury else None, page=WORDS)
    found = missing(own)
    assert len(found) == len(sentences)
    assert all(part in sentence for part, sentence in zip(sentences, found, strict=True))


def test_a_page_without_words_or_dates_lacks_them() -> None:
    own = competition(None, page={"rules": "<p> </p>"})
    own.page.intro = "…"
    own.page.save()
    found = missing(Competition.objects.get(pk=own.pk))
    assert [sentence.split(":")[0] for sentence in found] == ["Die Einleitung fehlt", "Die Regeln fehlen", "Der Ablauf fehlt"]
