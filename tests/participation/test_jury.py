"""A jury: who sits in it, blind until handed in, conflicts of interest, what never changes, and what the scores come to."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core import mail
from django.db import DatabaseError, IntegrityError, connection, transaction

from accounts.models import User
from accounts.roles import Role
from common import outbox
from ideas.models import Criterion, ReviewScheme, SchemeVersion
from participation import actions, jury
from participation.models import Competition, CompetitionPhase, Entry, JuryAnswer, JuryMember, JurySheet
from participation.phases import Phase
from tests.factories import participation as make
from tests.factories.ideas import make_idea
from tests.factories.users import UserFactory, role_group

pytestmark = pytest.mark.django_db


@pytest.fixture
def found() -> Competition:
    return make.jury_competition(title="Grüne Schulhöfe")


@pytest.fixture
def lead() -> User:
    return UserFactory(lead=True)


def fresh(user: Any) -> User:
    """The person as a new request finds them."""
    return User.objects.get(pk=user.pk)


def readable(user: Any, about: Entry, now: datetime | None = None) -> set[int]:
    """The members whose answers about this entry the person may read."""
    return set(JurySheet.objects.visible_to(user, now).filter(entry=about).values_list("member", flat=True))


# --- who sits in it ---------------------------------------------------------------------------------------------------


def test_the_lead_appoints_a_member_who_learns_it_by_mail(found: Competition, lead: User) -> None:
    member = actions.appoint(found, UserFactory(jury=True, email="mia@example.org"), by=lead)
    assert member.told_of_begin_at, "scoring runs already: no second mail says so"
    outbox.drain()
    [letter] = mail.outbox
    assert letter.to == ["mia@example.org"]
    assert letter.subject == "Sie sind in der Jury: Grüne Schulhöfe"
    assert f"/konto/jury/{found.slug}/" in letter.body
    assert "Bewerten können Sie vom" in letter.body


@pytest.mark.parametrize("role", [None, "reviewer", "editor", "moderator", "admin", "jury"])
def test_nobody_but_the_lead_appoints_or_dismisses(found: Competition, role: str | None) -> None:
    somebody = UserFactory(**({role: True} if role else {}))
    with pytest.raises(actions.Refused, match="Berechtigung"):
        actions.appoint(found, UserFactory(jury=True), by=somebody)
    with pytest.raises(actions.Refused, match="Berechtigung"):
        actions.dismiss(make.member(found), by=somebody)


def test_appointed_is_who_has_the_role_and_only_once(found: Competition, lead: User) -> None:
    with pytest.raises(actions.Refused, match="nicht die Rolle"):
        actions.appoint(found, UserFactory(reviewer=True), by=lead)
    person = UserFactory(jury=True)
    actions.appoint(found, person, by=lead)
    with pytest.raises(actions.Refused, match="schon Mitglied"):
        actions.appoint(found, person, by=lead)
    with pytest.raises(IntegrityError), transaction.atomic():
        JuryMember.objects.create(competition=found, user=person)


def test_a_competition_without_criteria_gets_no_jury(lead: User) -> None:
    with pytest.raises(actions.Refused, match="Prüfbogen"):
        actions.appoint(make.competition(), UserFactory(jury=True), by=lead)


# Written by hand: when the office can still change who sits in the jury.
@pytest.mark.parametrize(
    ("phase", "possible"),
    [
        (None, True),
        (Phase.SUBMISSION, True),
        (Phase.REVIEW, True),
        (Phase.VOTING, True),
        (Phase.JURY, True),
        (Phase.RESULT, False),
    ],
)
def test_the_jury_is_appointed_until_its_phase_is_over(phase: Phase | None, possible: bool, lead: User) -> None:
    found = make.competition(phase, jury_scheme=make.jury_version())
    if possible:
        actions.dismiss(actions.appoint(found, UserFactory(jury=True), by=lead), by=lead)
        return
    with pytest.raises(actions.Refused, match="lässt sich nicht mehr ändern"):
        actions.appoint(found, UserFactory(jury=True), by=lead)
    with pytest.raises(actions.Refused, match="lässt sich nicht mehr ändern"):
        actions.dismiss(make.member(found), by=lead)


def test_a_member_is_dismissed_only_while_nothing_of_theirs_is_handed_in(found: Competition, lead: User) -> None:
    one, two, about = make.member(found), make.member(found), make.entry(found)
    make.scored(one, about, 1, hand_in=False)
    seen_elsewhere = JuryMember.objects.get(pk=one.pk)
    actions.dismiss(one, by=lead)
    with pytest.raises(actions.Overtaken, match="nicht mehr zur Jury"):
        actions.dismiss(seen_elsewhere, by=lead)
    assert not JurySheet.objects.exists(), "a draft goes with its member"
    make.scored(two, about, 1)
    with pytest.raises(actions.Refused, match="schon eine Bewertung abgegeben"):
        actions.dismiss(two, by=lead)


# --- criteria ---------------------------------------------------------------------------------------------------------


def test_a_jury_scores_by_the_graded_criteria_of_any_stage() -> None:
    scheme = ReviewScheme.objects.create(name="Jury", slug="jury")
    version = SchemeVersion.objects.create(scheme=scheme)
    Criterion.objects.create(version=version, key="a", name="Ja oder nein")
    assert not jury.fits_jury(version)
    steps = [{"value": 0, "label": "gering"}, {"value": 1, "label": "hoch"}]
    late = Criterion.objects.create(version=version, key="b", name="Nutzen", kind="scale", stage=2, steps=steps)
    early = Criterion.objects.create(version=version, key="c", name="Reife", kind="scale", stage=1, position=5, steps=steps)
    assert jury.fits_jury(version)
    assert jury.criteria_of(make.competition(jury_scheme=version)) == [early, late]
    assert jury.criteria_of(make.competition()) == []
    assert all(jury.fits_jury(make.jury_version(slug)) for slug in ("myk10", "mainz"))


# --- what a member does -----------------------------------------------------------------------------------------------


def test_a_draft_keeps_what_is_there_and_answers_can_be_taken_back(found: Competition) -> None:
    member, about = make.member(found), make.entry(found)
    first, second, *_more = jury.criteria_of(found)
    sheet = actions.sheet_of(member, about)
    actions.save_sheet(sheet, {first.pk: "1", second.pk: "0"}, " Gut. ", by=member.user)
    actions.save_sheet(sheet, {first.pk: ""}, "Sehr gut.", by=member.user)
    sheet.refresh_from_db()
    assert [(each.criterion, each.answer) for each in sheet.answers.all()] == [(second, "0")]
    assert (sheet.comment, sheet.state, sheet.handed_in_at) == ("Sehr gut.", "open", None)


@pytest.mark.parametrize("answer", ["9", "yes", "-1", "1 "])
def test_an_answer_that_the_criterion_does_not_have_is_refused(found: Competition, answer: str) -> None:
    member, about = make.member(found), make.entry(found)
    criterion = jury.criteria_of(found)[0]
    with pytest.raises(actions.Refused, match="gibt es bei diesem Kriterium nicht"):
        actions.save_sheet(actions.sheet_of(member, about), {criterion.pk: answer}, by=member.user)
    foreign = Criterion.objects.exclude(version=found.jury_scheme).filter(kind="scale").first()
    assert foreign
    with pytest.raises(actions.Refused, match="gibt es bei diesem Kriterium nicht"):
        actions.save_sheet(actions.sheet_of(member, about), {foreign.pk: "1"}, by=member.user)


def test_what_is_handed_in_answers_every_criterion_and_the_draft_is_kept(found: Competition) -> None:
    member, about = make.member(found), make.entry(found)
    first, *others = jury.criteria_of(found)
    sheet = actions.sheet_of(member, about)
    with pytest.raises(actions.Incomplete) as caught:
        actions.hand_in_sheet(sheet, {first.pk: "1"}, "Noch nicht fertig.", by=member.user)
    assert caught.value.missing == [criterion.pk for criterion in others]
    sheet.refresh_from_db()
    assert (sheet.state, sheet.comment, sheet.answers.count()) == ("open", "Noch nicht fertig.", 1)


def test_what_was_handed_in_never_changes(found: Competition) -> None:
    member, about = make.member(found), make.entry(found)
    sheet = make.scored(member, about, 1, comment="Gut.")
    for again in (
        lambda: actions.save_sheet(sheet, {}, "Anders.", by=member.user),
        lambda: make.scored(member, about, 0),
        lambda: actions.declare_conflict(sheet, "Zu spät.", by=member.user),
    ):
        with pytest.raises(actions.Refused, match="schon abgegeben"):
            again()
    sheet.refresh_from_db()
    assert (sheet.state, sheet.comment) == ("handed_in", "Gut.")
    assert set(sheet.answers.values_list("answer", flat=True)) == {"1"}


def refused(sql: str, *values: object) -> bool:
    """Whether the database refuses this statement, in our words."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except DatabaseError as error:
        return "never" in str(error) or "stay" in str(error)
    return False


def test_the_database_refuses_to_change_what_was_handed_in(found: Competition) -> None:
    member, about, other = make.member(found), make.entry(found), make.entry(found)
    make.scored(member, other, 1, hand_in=False)
    assert not refused("UPDATE participation_juryanswer SET answer = '0'")
    assert not refused("UPDATE participation_competition SET jury_weight = 30")
    JurySheet.objects.all().delete()
    sheet = make.scored(member, about, 1)
    assert refused("UPDATE participation_juryanswer SET answer = '0'")
    assert refused("DELETE FROM participation_juryanswer")
    assert refused("UPDATE participation_jurysheet SET comment = 'anders'")
    assert refused("UPDATE participation_jurysheet SET state = 'open', handed_in_at = NULL")
    assert refused("UPDATE participation_jurysheet SET state = 'conflict', handed_in_at = NULL")
    assert refused("DELETE FROM participation_jurysheet")
    assert refused("UPDATE participation_competition SET jury_weight = 50")
    assert refused("UPDATE participation_competition SET jury_scheme_id = %s", make.jury_version("mainz").pk)
    with pytest.raises(Exception, match="never changes"), transaction.atomic():
        JuryAnswer.objects.create(sheet=sheet, criterion=jury.criteria_of(found)[0], answer="0")
    with pytest.raises(IntegrityError), transaction.atomic():
        JurySheet.objects.create(member=member, entry=about)
    with pytest.raises(Exception, match="never"), transaction.atomic():
        member.delete()


def test_what_a_member_handed_in_outlives_the_account(found: Competition) -> None:
    member, about = make.member(found), make.entry(found)
    make.scored(member, about, 2)
    assert member.user
    member.user.delete()
    [score] = jury.scores_of(found)
    assert len(score.sheets) == 1
    assert score.sheets[0].member.user is None


def test_a_conflict_needs_a_reason_and_takes_the_draft_along(found: Competition) -> None:
    member, about = make.member(found), make.entry(found)
    sheet = make.scored(member, about, 1, comment="Vorläufig.", hand_in=False)
    with pytest.raises(actions.Refused, match="warum Sie befangen sind"):
        actions.declare_conflict(sheet, " … ", by=member.user)
    actions.declare_conflict(sheet, "Mein Verein.", by=member.user)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.comment, sheet.conflict_reason, sheet.answers.count()) == ("conflict", "", "Mein Verein.", 0)
    with pytest.raises(actions.Refused, match="befangen erklärt"):
        make.scored(member, about, 1)


def test_nobody_scores_their_own_idea(found: Competition) -> None:
    member = make.member(found)
    own = make.entry(found, idea=make_idea(released=True, user=member.user))
    with pytest.raises(actions.Refused, match="eigene Idee"):
        make.scored(member, own, 3)
    [seat] = jury.seats([member], datetime.now(UTC))
    assert seat.lines == []


def test_an_entry_taken_out_is_scored_no_more_and_counts_no_more(found: Competition, lead: User) -> None:
    one, two, about = make.member(found), make.member(found), make.entry(found)
    make.scored(one, about, 1)
    actions.take_out(about, by=lead, reason="Doppelt.")
    with pytest.raises(actions.Refused, match="nimmt nicht mehr"):
        make.scored(two, Entry.objects.get(pk=about.pk), 1)
    assert jury.scores_of(found) == []
    assert jury.progress(found, datetime.now(UTC)).awaited == []


def test_nobody_writes_on_the_sheet_of_another_or_without_the_role(found: Competition, lead: User) -> None:
    one, two, about = make.member(found), make.member(found), make.entry(found)
    sheet = actions.sheet_of(one, about)
    for somebody in (two.user, lead, UserFactory(jury=True)):
        with pytest.raises(actions.Refused, match="Berechtigung"):
            actions.save_sheet(sheet, {}, "Fremd.", by=somebody)
    assert one.user
    one.user.groups.clear()
    with pytest.raises(actions.Refused, match="Berechtigung"):
        actions.save_sheet(sheet, {}, "Ohne Rolle.", by=fresh(one.user))


@pytest.mark.parametrize("phase", [Phase.SUBMISSION, Phase.REVIEW, Phase.VOTING, Phase.RESULT])
def test_the_jury_writes_in_its_phase_alone(phase: Phase) -> None:
    found = make.jury_competition(phase)
    member, about = make.member(found), make.entry(found)
    sheet = actions.sheet_of(member, about)
    for step in (
        lambda: actions.save_sheet(sheet, {}, "x", by=member.user),
        lambda: make.scored(member, about, 1),
        lambda: actions.declare_conflict(sheet, "Mein Verein.", by=member.user),
    ):
        with pytest.raises(actions.Refused, match="Die Phase „Jury“"):
            step()


def test_scoring_begins_and_ends_to_the_moment(found: Competition) -> None:
    member, about = make.member(found), make.entry(found)
    row = found.phases.get(phase=Phase.JURY)
    tick = timedelta(microseconds=1)
    sheet = actions.sheet_of(member, about)
    for moment in (row.starts_at - tick, row.ends_at):
        with pytest.raises(actions.Refused):
            actions.save_sheet(sheet, {}, "x", by=member.user, now=moment)
    for moment in (row.starts_at, row.ends_at - tick):
        actions.save_sheet(sheet, {}, "x", by=member.user, now=moment)


# --- blind ------------------------------------------------------------------------------------------------------------


def test_members_read_others_scores_only_of_what_they_handed_in_themselves(found: Competition) -> None:
    one, two = make.member(found), make.member(found)
    first, second = make.entry(found), make.entry(found)
    make.scored(one, first, 1)
    make.scored(one, second, 2)
    make.scored(two, first, 3, hand_in=False)
    assert readable(two.user, first) == {two.pk}, "a draft opens nothing"
    make.scored(two, first, 3)
    assert readable(two.user, first) == {one.pk, two.pk}
    assert readable(two.user, second) == set(), "each entry by itself"
    assert readable(one.user, first) == {one.pk, two.pk}


def test_whoever_steps_back_reads_nothing_of_the_others(found: Competition) -> None:
    one, two, about = make.member(found), make.member(found), make.entry(found)
    make.scored(one, about, 1)
    assert two.user
    actions.declare_conflict(actions.sheet_of(two, about), "Mein Verein.", by=two.user)
    assert readable(two.user, about) == {two.pk}


def test_the_lead_reads_no_score_before_the_last_sheet_is_in(found: Competition, lead: User) -> None:
    one, two = make.member(found), make.member(found)
    first, second = make.entry(found), make.entry(found)
    make.scored(one, first, 1)
    make.scored(one, second, 1)
    make.scored(two, first, 1)
    # The last sheet was never opened: there is no row of it, and it is awaited all the same.
    assert readable(lead, first) == set()
    assert jury.scores_of(found, reader=lead)[0].sheets == []
    actions.sheet_of(two, second)
    assert readable(lead, first) == set()
    make.scored(two, second, 1)
    assert readable(lead, first) == readable(lead, second) == {one.pk, two.pk}


def test_after_the_phase_the_lead_reads_what_there_is(found: Competition, lead: User) -> None:
    one, _two, about = make.member(found), make.member(found), make.entry(found)
    make.scored(one, about, 1)
    end = found.phases.get(phase=Phase.JURY).ends_at
    assert end
    assert readable(lead, about, end - timedelta(microseconds=1)) == set()
    assert readable(lead, about, end) == {one.pk}
    CompetitionPhase.objects.filter(competition=found, phase=Phase.RESULT).delete()
    CompetitionPhase.objects.filter(competition=found, phase=Phase.JURY).update(ends_at=datetime.now(UTC))
    assert readable(lead, about) == {one.pk}, "by the clock of the database too"


def test_nobody_waits_for_a_member_who_cannot_score_any_more(found: Competition, lead: User) -> None:
    one, two, about = make.member(found), make.member(found), make.entry(found)
    make.scored(one, about, 1)
    assert two.user
    two.user.groups.remove(role_group(Role.JURY))
    assert readable(lead, about) == {one.pk}
    two.user.groups.add(role_group(Role.JURY))
    assert readable(lead, about) == set()
    User.objects.filter(pk=two.user.pk).update(is_active=False)
    assert readable(lead, about) == {one.pk}


def test_without_the_role_a_seat_shows_nothing(found: Competition) -> None:
    one, two, about = make.member(found), make.member(found), make.entry(found)
    make.scored(one, about, 1)
    make.scored(two, about, 1)
    assert one.user
    one.user.groups.clear()
    assert readable(fresh(one.user), about) == set()


def test_a_lead_in_the_jury_is_as_blind_as_everybody_there(found: Competition) -> None:
    both = UserFactory(roles=[Role.LEAD, Role.JURY])
    one, own, about = make.member(found), make.member(found, both), make.entry(found)
    make.scored(one, about, 1)
    assert readable(both, about) == set()
    actions.declare_conflict(actions.sheet_of(own, about), "Mein Verein.", by=both)
    assert readable(both, about) == {own.pk}, "whoever stepped back reads no score of it, as a lead neither"
    assert readable(UserFactory(lead=True), about) == {one.pk}


def test_the_author_of_an_idea_reads_no_score_of_it_in_any_role(found: Competition) -> None:
    author = UserFactory(roles=[Role.LEAD, Role.JURY])
    about = make.entry(found, idea=make_idea(released=True, user=author))
    make.member(found, author)
    one = make.member(found)
    make.scored(one, about, 1)
    assert readable(author, about) == set()
    assert readable(UserFactory(lead=True), about) == {one.pk}, "the author's own sheet is not awaited"


# Written by hand: who reads the answers that one member handed in about an entry (another one's sheet is still missing), and
# who once everything is in.
@pytest.mark.parametrize(
    ("who", "while_it_runs", "complete"),
    [
        ("the member", True, True),
        ("a member who has handed in", True, True),
        ("a member with a draft", False, True),
        ("member of another jury", False, False),
        ("Bürgerschaft", False, False),
        ("Prüfung", False, False),
        ("Leitung", False, True),
        ("Projektverantwortung", False, False),
        ("Redaktion", False, False),
        ("Moderation", False, False),
        ("Jury", False, False),
        ("Verwaltung", False, False),
        ("superuser", False, True),
        ("closed account of the lead", False, False),
        ("nobody", False, False),
    ],
)
def test_the_whole_table_of_who_reads_a_score(found: Competition, who: str, while_it_runs: bool, complete: bool) -> None:
    one, two, three = make.member(found), make.member(found), make.member(found)
    about = make.entry(found)
    people: dict[str, Any] = {
        "the member": one.user,
        "a member who has handed in": two.user,
        "a member with a draft": three.user,
        "member of another jury": make.member(make.jury_competition()).user,
        **{role.value: UserFactory(roles=[role]) for role in Role},
        "superuser": UserFactory(is_superuser=True, is_staff=True),
        "closed account of the lead": UserFactory(lead=True, is_active=False),
        "nobody": AnonymousUser(),
    }
    make.scored(one, about, 1)
    make.scored(two, about, 2)
    make.scored(three, about, 3, hand_in=False)
    assert (one.pk in readable(people[who], about)) == while_it_runs
    make.scored(three, about, 3)
    assert (one.pk in readable(people[who], about)) == complete


def test_conflicts_and_their_reasons_are_for_the_lead_alone(found: Competition, lead: User) -> None:
    one, two, about = make.member(found), make.member(found), make.entry(found)
    assert one.user
    actions.declare_conflict(actions.sheet_of(one, about), "Mein Verein.", by=one.user)
    make.scored(two, about, 1)
    assert [sheet.conflict_reason for sheet in JurySheet.objects.conflicts_shown_to(lead)] == ["Mein Verein."]
    for somebody in (two.user, UserFactory(reviewer=True), UserFactory(admin=True), AnonymousUser()):
        assert not JurySheet.objects.conflicts_shown_to(somebody).exists()
        assert one.pk not in readable(somebody, about)
