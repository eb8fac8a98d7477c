"""What comes along with a row (common/rows.py): in its order, as real objects, without a further query."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import OuterRef

from common.rows import as_objects, attach, rows
from ideas.models import Idea, IdeaPicture, Place
from participation.models import Competition, CompetitionPhase
from participation.phases import Phase
from tests.factories import PlaceFactory, make_idea, picture_of
from tests.factories.participation import competition

pytestmark = pytest.mark.django_db
PLACES = Place.objects.filter(ideas=OuterRef("pk"))


def test_rows_come_in_the_order_of_their_query() -> None:
    idea = make_idea(released=True)
    idea.places.set(
        [PlaceFactory(name=name, sort_order=place) for place, name in enumerate(["Mayen", "„Anker“ \\ Ä", "Bendorf"])]
    )
    found: Any = Idea.objects.annotate(place_rows=rows(PLACES, "id", "name")).get()
    assert [place.name for place in as_objects(Place, found.place_rows)] == ["Mayen", "„Anker“ \\ Ä", "Bendorf"]


def test_where_nothing_hangs_on_a_row_nothing_is_attached(django_assert_num_queries: Any) -> None:
    make_idea(released=True)
    found: Any = Idea.objects.annotate(place_rows=rows(PLACES, "id", "name")).get()
    attach(found, "places", as_objects(Place, found.place_rows))
    with django_assert_num_queries(0):
        assert list(found.places.all()) == []


def test_what_is_attached_asks_nobody_and_a_narrower_question_does(django_assert_num_queries: Any) -> None:
    idea = make_idea(released=True)
    idea.places.set([PlaceFactory(name="Mayen"), PlaceFactory(name="Bendorf")])
    found: Any = Idea.objects.annotate(place_rows=rows(PLACES, "id", "name")).get()
    attach(found, "places", as_objects(Place, found.place_rows))
    with django_assert_num_queries(0):
        assert len(found.places.all()) == 2
    with django_assert_num_queries(1):
        assert found.places.get(name="Mayen").name == "Mayen"


def test_keys_and_moments_come_back_as_they_are_stored() -> None:
    idea = make_idea(released=True)
    picture = picture_of(idea)
    pictures = IdeaPicture.objects.filter(version=OuterRef("released_version"))
    found: Any = Idea.objects.annotate(picture_rows=rows(pictures, "id", "key", "version_id")).get()
    [same] = as_objects(IdeaPicture, found.picture_rows)
    assert (same, same.key, same.url) == (picture, picture.key, picture.url)

    made, summer = competition(Phase.RESULT), datetime(2026, 7, 1, 12, 30, 15, 250000, UTC)
    made.phases.filter(phase=Phase.VOTING).update(starts_at=summer, ends_at=datetime(2026, 12, 1, tzinfo=UTC))
    phases = CompetitionPhase.objects.filter(competition=OuterRef("pk"))
    entered: Any = Competition.objects.annotate(phase_rows=rows(phases, "id", "phase", "starts_at", "ends_at")).get(pk=made.pk)
    by_phase = {phase.phase: phase for phase in as_objects(CompetitionPhase, entered.phase_rows)}
    assert by_phase[Phase.VOTING].starts_at == summer
    assert by_phase[Phase.VOTING].ends_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert by_phase[Phase.RESULT].ends_at is None


def test_a_column_that_was_not_asked_for_is_read_when_it_is_needed(django_assert_num_queries: Any) -> None:
    idea = make_idea(released=True)
    idea.places.set([PlaceFactory(name="Mayen", slug="mayen")])
    found: Any = Idea.objects.annotate(place_rows=rows(PLACES, "id", "name")).get()
    [place] = as_objects(Place, found.place_rows)
    with django_assert_num_queries(1):
        assert place.slug == "mayen"
