"""Review by criteria at the desk: own list, the form, the comparison, assigning many, schemes, notes; and what they cost."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.roles import Role
from ideas import actions
from ideas.models import Idea, InternalNote, Review, ReviewRound, ReviewScheme, ReviewSettings, SchemeVersion
from ideas.workflow import Action, Status
from tests.factories import UserFactory, answer, assigned, finished_round, make_idea, scheme


def url(name, *args):
    return reverse(f"ideas_desk:{name}", args=args)


def text_of(response):
    return " ".join(response.content.decode().split())


@pytest.fixture
def desk(at_desk, reviewer):
    return at_desk(reviewer)


@pytest.fixture
def leads_desk(at_desk, lead):
    return at_desk(lead)


def answers(review, *given, **more):
    return {**{f"c{criterion.pk}": each for criterion, each in zip(review.criteria, given, strict=False)}, **more}


# --- who gets in ------------------------------------------------------------------------------------------------------

# Page × role: the rest (citizens, editors, project leads, moderators, jury, administration) sees none of them.
PAGES = {
    "reviews": {"reviewer", "lead"},
    "review_compare": {"reviewer", "lead"},
    "assign": {"lead"},
    "schemes": {"lead"},
    "scheme_new": {"lead"},
    "scheme": {"lead"},
}


@pytest.mark.parametrize("page", PAGES)
def test_each_page_opens_for_its_roles_alone(page, at_desk):
    idea = make_idea(Status.IN_REVIEW)
    args = {"review_compare": [idea.number], "scheme": ["myk10"]}.get(page, [])
    for role in Role:
        response = at_desk(UserFactory(roles=[role])).client.get(url(page, *args))
        assert (response.status_code == 200) == (role.name.lower() in PAGES[page]), role
    assert Client().get(url(page, *args)).status_code == 302


def test_nobody_opens_the_review_of_another_person(desk, leads_desk, site):
    review, _other = assigned()
    for somebody in (desk, leads_desk):
        for page in ("review", "review_conflict"):
            assert somebody.client.get(url(page, review.pk)).status_code == 404
            assert somebody.client.post(url(page, review.pk), {"action": "hand_in", "reason": "x"}).status_code == 404
    assert Review.objects.get(pk=review.pk).state == "open"


@pytest.mark.parametrize("task", ["zuweisen", "stufe-1", "stufe-2", "abziehen"])
def test_a_reviewer_takes_no_task_of_the_lead(task, desk):
    review_round = finished_round(answers=("yes", "no"))
    before = list(Review.objects.order_by("pk").values()), list(ReviewRound.objects.values())
    data = {"outcome": "passed", "review": Review.objects.first().pk, "zuweisung-reviewers": [desk.user.pk]}
    desk.client.post(url("review_act", review_round.idea.number, task), data)
    assert (list(Review.objects.order_by("pk").values()), list(ReviewRound.objects.values())) == before


# --- a reviewer -------------------------------------------------------------------------------------------------------


def test_the_own_list_shows_what_waits_with_the_earliest_due_date_first(desk, reviewer):
    now = timezone.now()
    for title, days in (("Später dran", 3), ("Schon überfällig", 40)):
        assigned(make_idea(Status.IN_REVIEW, title=title, now=now - timedelta(days=days)), [reviewer])
    assigned(make_idea(Status.IN_REVIEW, title="Für jemand anderen"))
    page = text_of(desk.client.get(url("reviews")))
    assert page.index("Schon überfällig") < page.index("Später dran")
    assert "Für jemand anderen" not in page
    assert "2 Ideen" in page


def test_the_start_page_of_the_back_office_counts_own_reviews_first(desk, reviewer):
    assigned(reviewers=[reviewer])
    assigned()
    page = text_of(desk.client.get("/admin/"))
    assert page.index("1 Prüfung wartet auf Sie") < page.index("Ideen: Neu")


def test_a_draft_is_kept_and_comes_back_into_the_form(desk, reviewer):
    [review] = assigned(reviewers=[reviewer])
    first = review.criteria[0]
    response = desk.client.post(
        url("review", review.pk),
        {"action": "draft", f"c{first.pk}": "unclear", f"n{first.pk}": "Ich frage nach.", "comment": "Halb fertig"},
        follow=True,
    )
    assert "Entwurf" in text_of(response)
    page = text_of(desk.client.get(url("review", review.pk)))
    assert f'name="c{first.pk}" value="unclear" checked' in page
    assert "Ich frage nach." in page
    assert "Halb fertig" in page


def test_handing_in_without_all_answers_says_so_beside_each_and_keeps_the_rest(desk, reviewer):
    [review] = assigned(reviewers=[reviewer])
    response = desk.client.post(url("review", review.pk), answers(review, "yes", action="hand_in", comment="Fast"))
    page = text_of(response)
    assert response.status_code == 422
    assert page.count("Bitte beantworten Sie dieses Kriterium.") == 2
    assert f'name="c{review.criteria[0].pk}" value="yes" checked' in page
    assert "Fast" in page
    review.refresh_from_db()
    assert (review.state, review.scores.count()) == ("open", 1)


def test_what_was_handed_in_is_shown_and_no_form_any_more(desk, reviewer):
    [review] = assigned(reviewers=[reviewer])
    desk.client.post(url("review", review.pk), answers(review, "yes", "no", "yes", action="hand_in"))
    page = text_of(desk.client.get(url("review", review.pk)))
    assert "schon abgegeben" in page
    assert 'type="radio"' not in page
    response = desk.client.post(url("review", review.pk), answers(review, "no", "no", "no", action="hand_in", comment="Doch"))
    assert response.status_code == 409
    assert "Doch" in text_of(response), "nothing typed is lost"
    assert list(review.scores.order_by("pk").values_list("answer", flat=True)) == ["yes", "no", "yes"]


def test_a_review_whose_idea_was_decided_meanwhile_keeps_what_was_typed(desk, reviewer, lead):
    [review] = assigned(reviewers=[reviewer])
    actions.take(
        Idea.objects.get(pk=review.round.idea_id), Action.REJECT, by=lead, decision=actions.Decision(reason="Geht nicht.")
    )
    response = desk.client.post(
        url("review", review.pk), answers(review, "yes", "yes", "yes", action="hand_in", comment="Mühe")
    )
    assert response.status_code == 409
    assert "schon entschieden" in text_of(response)
    assert "Mühe" in text_of(response)


@pytest.mark.parametrize("bad", ["vielleicht", "\x00", "9" * 400])
def test_a_strange_answer_is_no_fault_of_the_server(bad, desk, reviewer):
    [review] = assigned(reviewers=[reviewer])
    response = desk.client.post(url("review", review.pk), answers(review, bad, action="draft", comment="Bleibt"))
    assert response.status_code == 422
    assert "Bleibt" in text_of(response)


def test_who_is_biased_says_why_and_the_idea_leaves_the_list(desk, reviewer):
    [review] = assigned(reviewers=[reviewer])
    assert desk.client.post(url("review_conflict", review.pk), {"reason": " "}).status_code == 422
    response = desk.client.post(url("review_conflict", review.pk), {"reason": "Das ist mein Nachbar."}, follow=True)
    assert "steht nicht mehr auf Ihrer Liste" in text_of(response)
    assert f'href="{url("review", review.pk)}"' not in text_of(response)


def test_a_reviewer_sees_no_answer_of_others_before_handing_in(desk, reviewer):
    mine, theirs = assigned(reviewers=[reviewer, UserFactory(reviewer=True, first_name="Karla", last_name="Kollegin")])
    answer(theirs, "no", comment="Davon halte ich nichts.")
    idea = mine.round.idea
    for page in (url("review", mine.pk), url("review_compare", idea.number), url("idea", idea.number)):
        assert "Davon halte ich nichts." not in text_of(desk.client.get(page))
    answer(mine, "yes")
    page = text_of(desk.client.get(url("review_compare", idea.number)))
    assert "Davon halte ich nichts." in page
    assert "verschiedene Antworten" in page


# --- the lead ---------------------------------------------------------------------------------------------------------


def test_the_lead_compares_once_all_have_handed_in_and_reads_the_differences_as_words(leads_desk, lead):
    one, two = assigned(
        reviewers=[
            UserFactory(reviewer=True, first_name="Pia", last_name="Eins"),
            UserFactory(reviewer=True, first_name="Paul", last_name="Zwei"),
        ],
        lead=lead,
    )
    answer(one, "yes", "yes", "yes", comment="Gern.")
    page = text_of(leads_desk.client.get(url("review_compare", one.round.idea.number)))
    assert "1 von 2 abgegeben" in page
    assert "Gern." not in page
    answer(two, "yes", "no", "yes")
    page = text_of(leads_desk.client.get(url("review_compare", one.round.idea.number)))
    assert "Gern." in page
    assert "Unterschied bei 1 Kriterium" in page
    assert page.count("verschiedene Antworten") == 1
    assert page.index("Pia Eins") < page.index("Paul Zwei")


def test_the_lead_settles_goes_on_publishes_and_decides(leads_desk, lead, reviewer):
    review_round = finished_round(answers=("yes", "unclear"), lead=lead)
    number = review_round.idea.number
    leads_desk.client.post(url("review_act", number, "stufe-2"))
    assert ReviewRound.objects.get().stage == 1, "not settled yet"
    leads_desk.client.post(url("review_act", number, "stufe-1"), {"outcome": "passed"})
    leads_desk.client.post(url("review_act", number, "stufe-2"))
    for review, value in zip(Review.objects.filter(stage=2), (3, 2), strict=True):
        answer(review, value)
    page = text_of(leads_desk.client.get(url("review_compare", number)))
    assert "Erste Bewertung: hoch (83 %)" in page
    idea = Idea.objects.get(number=number)
    response = leads_desk.take(idea, Action.PUBLISH_REVIEW, criteria=["machbarkeit", "innovationsgrad"], reason="So war es.")
    assert response.status_code == 302
    public = text_of(Client().get(idea.get_absolute_url()))
    assert "So haben wir geprüft" in public
    assert "Technisch machbar" in public
    assert "Übertragbarkeit" not in public
    leads_desk.take(idea, Action.KEEP)
    assert not ReviewRound.objects.get().is_open
    assert "So haben wir geprüft" in text_of(Client().get(idea.get_absolute_url())), "also after the decision"


def test_publishing_from_an_old_page_keeps_the_choice_of_criteria(leads_desk, lead):
    idea = Idea.objects.get(pk=finished_round(lead=lead).idea_id)
    seen = idea.trail_length
    actions.take(idea, Action.ASK_BACK, by=lead, decision=actions.Decision(reason="Wo genau?"))
    actions.take(idea, Action.TAKE_INTO_REVIEW, by=lead)
    response = leads_desk.take(idea, Action.PUBLISH_REVIEW, seen=seen, criteria=["machbarkeit"])
    assert response.status_code == 409
    forms = [panel["forms"][0] for panel in response.context["panels"]]
    chosen = [form["criteria"].value() for form in forms if form.step.action == Action.PUBLISH_REVIEW]
    assert chosen == [["machbarkeit"]]


def test_a_failed_first_stage_offers_no_second(leads_desk, lead):
    review_round = finished_round(answers=("no", "no"), lead=lead)
    page = text_of(leads_desk.client.get(url("review_compare", review_round.idea.number)))
    assert "1. Stufe nicht bestanden" in page
    assert "2. Stufe beginnen" not in page
    response = leads_desk.client.post(url("review_act", review_round.idea.number, "stufe-2"), follow=True)
    assert "Deshalb gibt es keine 2. Stufe." in text_of(response)


def test_the_lead_gives_one_idea_to_chosen_people_by_a_chosen_scheme(leads_desk, lead):
    mainz = scheme("mainz")
    people = [UserFactory(reviewer=True) for _ in range(3)]
    idea = make_idea(Status.IN_REVIEW)
    page = text_of(leads_desk.client.get(url("review_compare", idea.number)))
    assert "Mainz" in page
    data = {"zuweisung-scheme": mainz.pk, "zuweisung-reviewers": [people[0].pk, people[2].pk]}
    leads_desk.client.post(url("review_act", idea.number, "zuweisen"), data)
    assert set(Review.objects.values_list("reviewer", flat=True)) == {people[0].pk, people[2].pk}
    assert ReviewRound.objects.get().scheme_version.scheme == mainz
    response = leads_desk.client.post(url("review_act", idea.number, "zuweisen"), {})
    assert response.status_code == 422
    assert "mindestens eine Person" in text_of(response)


def test_the_lead_takes_an_idea_from_somebody_who_is_ill(leads_desk, lead):
    one, two = assigned(lead=lead)
    answer(one, "yes")
    leads_desk.client.post(url("review_act", one.round.idea.number, "abziehen"), {"review": two.pk})
    assert not Review.objects.filter(pk=two.pk).exists()
    assert ReviewRound.objects.get().stage_one == "passed"


def test_the_author_of_an_idea_reads_nothing_of_its_review(at_desk):
    author = UserFactory(lead=True)
    idea = make_idea(Status.IN_REVIEW, user=author)
    for review in assigned(idea):
        answer(review, "no", comment="Das überzeugt mich nicht.")
    page = text_of(at_desk(author).client.get(url("review_compare", idea.number)))
    assert "Das überzeugt mich nicht." not in page
    assert "Prüfende auswählen" not in page


# --- many at once -----------------------------------------------------------------------------------------------------


def test_many_ideas_are_assigned_after_the_lead_has_seen_who_gets_what(leads_desk, lead):
    team = [UserFactory(reviewer=True, first_name=name, last_name="Team") for name in ("Anna", "Berta", "Carla")]
    ideas = [make_idea(Status.IN_REVIEW, title=f"Idee ohne Prüfende {number}") for number in range(3)]
    assigned(make_idea(Status.IN_REVIEW, title="Schon vergeben"), team[:2], lead=lead)
    page = text_of(leads_desk.client.get(url("assign")))
    assert page.count("Idee ohne Prüfende") == 3
    assert "Schon vergeben" not in page
    response = leads_desk.client.post(url("assign"), {"idea": [idea.number for idea in ideas[:2]]})
    plan = text_of(response)
    assert "So wird verteilt" in plan
    assert "bisher 0 offen, dann 2 (+2)" in plan  # Carla
    assert Review.objects.count() == 2, "nothing has happened yet"
    pairs = [f"{each.idea.number}-{person.pk}" for each in response.context["plan"] for person in each.reviewers]
    done = leads_desk.client.post(url("assign"), {"pair": pairs}, follow=True)
    assert "4 Prüfungen zugewiesen." in text_of(done)
    happened = {
        f"{review.round.idea.number}-{review.reviewer_id}"
        for review in Review.objects.filter(round__idea__in=ideas).select_related("round__idea")
    }
    assert happened == set(pairs)
    assert leads_desk.client.post(url("assign"), {"pair": pairs}, follow=True).status_code == 200
    assert Review.objects.count() == 6, "pressed twice it changes nothing"


def test_a_plan_that_somebody_else_made_impossible_changes_nothing_and_says_so(leads_desk, lead):
    person = UserFactory(reviewer=True)
    good, gone = make_idea(Status.IN_REVIEW), make_idea(Status.IN_REVIEW)
    actions.take(gone, Action.REJECT, by=lead, decision=actions.Decision(reason="Geht nicht."))
    response = leads_desk.client.post(url("assign"), {"pair": [f"{good.number}-{person.pk}", f"{gone.number}-{person.pk}"]})
    assert response.status_code == 409
    assert "Es ist nichts geschehen" in text_of(response)
    assert not Review.objects.exists()


@pytest.mark.parametrize("data", [{}, {"idea": ["x", "9" * 30]}, {"pair": ["", "-", "1-", "9-9-9"]}])
def test_an_empty_or_strange_choice_gets_a_page(data, leads_desk):
    assert leads_desk.client.post(url("assign"), data, follow=True).status_code in {200, 422}


def test_a_missing_reviewer_is_said_before_anything_happens(leads_desk, lead):
    UserFactory(reviewer=True)
    idea = make_idea(Status.IN_REVIEW)
    page = text_of(leads_desk.client.post(url("assign"), {"idea": [idea.number]}))
    assert "Eine Person fehlt" in page


# --- schemes ----------------------------------------------------------------------------------------------------------


def form_of(response):
    """What a browser would send back from the scheme's page."""
    context = response.context
    data = {name: context["form"][name].value() for name in context["form"].fields}
    data = {name: value for name, value in data.items() if value is not None and value is not False}
    rows = context["rows"]
    data.update({f"kriterium-{name}": rows.management_form[name].value() for name in rows.management_form.fields})
    for row in rows:
        values = {row[name].html_name: row[name].value() for name in row.fields}
        data.update({name: value for name, value in values.items() if value is not None and value is not False})
    return {name: "" if value is None else value for name, value in data.items()}


def test_the_lead_changes_a_question_and_it_is_the_next_version(leads_desk):
    data = form_of(leads_desk.client.get(url("scheme", "myk10")))
    assert data["kriterium-0-name"] == "Passt zu Strategie und Lösungen"
    data["kriterium-0-question"] = "Passt die Idee wirklich?"
    data["kriterium-1-DELETE"] = "on"
    data["kriterium-6-name"], data["kriterium-6-stage"], data["kriterium-6-kind"] = "Kosten", "2", "scale"
    data["kriterium-6-steps"], data["kriterium-6-weight"] = "hoch: Teuer\nmittel\nniedrig: Günstig", "3"
    response = leads_desk.client.post(url("scheme", "myk10"), data, follow=True)
    assert "Fassung 2 gilt ab jetzt" in text_of(response)
    first, second = SchemeVersion.objects.filter(scheme__slug="myk10").order_by("number")
    assert second.of_stage(1)[0].question == "Passt die Idee wirklich?"
    assert [each.key for each in second.of_stage(1)] == ["passung", "foerderung"]
    assert [(each.name, each.weight) for each in second.of_stage(2)][-1] == ("Kosten", 3)
    assert [choice["label"] for choice in second.of_stage(2)[-1].choices] == ["hoch", "mittel", "niedrig"]
    assert len(first.of_stage(1)) == 3, "the wording of before stays"


def test_sending_the_form_as_it_is_makes_no_version(leads_desk):
    data = form_of(leads_desk.client.get(url("scheme", "mainz")))
    response = leads_desk.client.post(url("scheme", "mainz"), data, follow=True)
    assert "Die Kriterien sind dieselben geblieben." in text_of(response)
    assert SchemeVersion.objects.count() == 2
    assert ReviewSettings.load().scheme.slug == "myk10"


def test_a_new_scheme_can_be_the_one_that_reviews_begin_with(leads_desk):
    data = form_of(leads_desk.client.get(url("scheme_new")))
    data.update({"name": "Kurz", "slug": "kurz", "result_name": "Rang", "is_active": "on", "is_default": "on"})
    data.update(
        {"kriterium-0-name": "Geht das?", "kriterium-0-stage": "1", "kriterium-0-kind": "yes_no", "kriterium-0-weight": "1"}
    )
    assert leads_desk.client.post(url("scheme_new"), data).status_code == 302
    assert ReviewSettings.load().scheme == ReviewScheme.objects.get(slug="kurz")
    assert "Geht das?" in text_of(Client().get("/ideen/kriterien/"))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": "Mainz"}, "schon"),
        ({"kriterium-3-steps": "nur eine"}, "zwei bis zehn Stufen"),
        ({"kriterium-0-kind": "scale"}, "Stufen gehören in die 2. Stufe"),
        ({"seen": "0"}, "inzwischen geändert"),
        ({"kriterium-0-DELETE": "on", "kriterium-1-DELETE": "on", "kriterium-2-DELETE": "on"}, "mindestens ein Kriterium"),
    ],
)
def test_a_mistake_in_a_scheme_is_said_and_what_was_typed_stays(changes, sentence, leads_desk):
    data = {**form_of(leads_desk.client.get(url("scheme", "myk10"))), "kriterium-2-question": "Neu getippt?", **changes}
    response = leads_desk.client.post(url("scheme", "myk10"), data)
    assert response.status_code == 422
    assert sentence in text_of(response)
    assert "Neu getippt?" in text_of(response)
    assert SchemeVersion.objects.count() == 2


# --- notes ------------------------------------------------------------------------------------------------------------


def test_notes_stand_on_the_desk_in_a_thread_and_nowhere_in_public(desk, leads_desk):
    idea = make_idea(Status.KEPT)
    desk.client.post(url("note", idea.number), {"text": "Bitte vertraulich behandeln."})
    note = InternalNote.objects.get()
    leads_desk.client.post(url("note", idea.number), {"text": "Natürlich.", "reply_to": note.pk})
    page = text_of(desk.look_at(idea))
    assert page.index("Bitte vertraulich behandeln.") < page.index("Natürlich.")
    for reader in (Client(), desk.client, leads_desk.client):
        assert "vertraulich" not in text_of(reader.get(idea.get_absolute_url()))


def test_an_empty_note_says_so_and_a_strange_answer_is_no_fault(desk):
    idea = make_idea(Status.IN_REVIEW)
    response = desk.client.post(url("note", idea.number), {"text": "  "})
    assert response.status_code == 422
    assert "etwas in die Notiz" in text_of(response)
    assert desk.client.post(url("note", idea.number), {"text": "Gut", "reply_to": "9" * 30}).status_code == 422
    assert desk.client.post(url("note", idea.number), {"text": "Gut", "reply_to": "999999"}).status_code == 302


# --- what it costs ----------------------------------------------------------------------------------------------------


def cost(page):
    with CaptureQueriesContext(connection) as queries:
        assert page().status_code == 200
        return len(queries)


def test_a_long_own_list_costs_no_more_queries_than_a_short_one(desk, reviewer):
    assigned(reviewers=[reviewer])
    look = lambda: desk.client.get(url("reviews"))  # noqa: E731
    look()
    short = cost(look)
    for _ in range(10):
        assigned(reviewers=[reviewer])
    [done] = assigned(reviewers=[reviewer])
    answer(done, "yes")
    assert cost(look) == short <= 15


def test_many_reviewers_cost_no_more_queries_to_compare_than_one(leads_desk, lead):
    small = finished_round(answers=("yes", "no"), lead=lead)
    large = finished_round(answers=("yes", "no", "unclear", "yes", "yes", "no"), lead=lead)
    numbers = [review_round.idea.number for review_round in (small, large)]
    few, many = (lambda number=number: leads_desk.client.get(url("review_compare", number)) for number in numbers)
    few()
    assert cost(many) == cost(few) <= 33


def test_a_long_list_to_assign_costs_no_more_queries(leads_desk, lead):
    UserFactory(reviewer=True), UserFactory(reviewer=True)
    ideas = [make_idea(Status.IN_REVIEW)]
    look = lambda: leads_desk.client.get(url("assign"))  # noqa: E731
    plan = lambda: leads_desk.client.post(url("assign"), {"idea": [idea.number for idea in ideas]})  # noqa: E731
    look()
    short, short_plan = cost(look), cost(plan)
    ideas += [make_idea(Status.IN_REVIEW) for _ in range(8)]
    assert cost(look) == short <= 20
    assert cost(plan) == short_plan <= 20


def test_a_published_review_costs_the_public_page_no_further_query(lead, site):
    idea = Idea.objects.get(pk=finished_round(lead=lead).idea_id)
    look = lambda: Client().get(idea.get_absolute_url())  # noqa: E731
    look()
    before = cost(look)
    actions.publish_review(idea, by=lead)
    assert cost(look) == before
