"""Random agendas: frozen, written as JSON and read back they show what was there, and stay so when the live agenda moves on."""

import json
import random
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from ideas.editions import freeze
from ideas.editions.agenda import completed
from ideas.editions.diff import diff
from ideas.editions.shown import figures_of
from ideas.models import Edition, Idea, Measure, MeasureIdea
from ideas.workflow import Channel, MeasureStatus
from pages.models import LoesungPage, ZielbildPage
from tests.factories import LoesungFactory, MeasureFactory, ZielbildFactory

from .small import agenda, idea, kpi, loesung, measure, used, zielbild

A_FEW = range(8)
LETTERS = "abcäöüß€„“ \n<>&'\"\\|=+-☃🚲"


def text(chance: random.Random, most: int = 30) -> str:
    return "".join(chance.choice(LETTERS) for _ in range(chance.randrange(1, most)))


# --- from the live agenda ---------------------------------------------------------------------------------------------


def live_agenda(chance: random.Random) -> dict[str, Any]:
    """Fill the database; returns what its pages must count."""
    from datetime import UTC, datetime

    from ideas import actions

    tops = [ZielbildFactory(number=number, live=chance.random() > 0.15) for number in range(chance.randrange(1, 4))]
    below = [
        LoesungFactory(parent=chance.choice(tops), number=number, live=chance.random() > 0.15, problem=f"<p>{number}</p>")
        for number in range(chance.randrange(0, 5))
    ]
    numbers = []
    for number in range(chance.randrange(0, 4)):
        imported = actions.ImportedIdea(
            number + 1,
            text(chance) + "x",
            text(chance),
            chance.choice([*below, None]),
            Channel.WEBSITE,
            datetime(2026, 1, 1, tzinfo=UTC),
        )
        numbers.append(actions.import_idea(imported).number)
    for place in range(chance.randrange(0, 8)):
        own = chance.choice([*below, None])
        top = next((top for top in tops if own and own.path.startswith(top.path)), chance.choice(tops))
        made = MeasureFactory(
            code=f"{place}",
            title=text(chance) + "x",
            text=text(chance),
            zielbild=top,
            loesung=own,
            status=chance.choice(list(MeasureStatus)),
        )
        for number in chance.sample(numbers, chance.randrange(0, len(numbers) + 1)):
            MeasureIdea.objects.create(measure=made, idea=Idea.objects.get(number=number))
    shown = {top.pk for top in tops if top.live}
    return {
        "hidden": Measure.objects.exclude(zielbild__in=shown).count(),
        "zielbilder": len(shown),
        "loesungen": sum(
            page.live and any(top.pk in shown and page.path.startswith(top.path) for top in tops) for page in below
        ),
        "measures": Measure.objects.filter(zielbild__in=shown).count(),
        "ideas": len(numbers),
    }


def move_on(chance: random.Random) -> None:
    Measure.objects.update(summary="anders", text="anders", responsible="anders")
    ZielbildPage.objects.update(title="anders")
    LoesungPage.objects.update(title="anders", problem="anders", live=chance.random() > 0.5)
    MeasureIdea.objects.all().delete()


def check(seed: int, client: Client) -> None:
    chance = random.Random(seed)
    wanted = live_agenda(chance)
    if wanted.pop("hidden"):
        with pytest.raises(freeze.Incomplete):
            freeze.freeze()
        return
    data = json.loads(freeze.canonical(freeze.freeze()))
    found = figures_of(completed(data))
    assert {name: found[name] for name in wanted} == wanted, seed
    resolution = {"state": "adopted", "body": "x", "resolution_number": "1", "adopted_on": "2026-01-01"}
    edition = Edition.objects.create(year=2026, title="Agenda", data=data, data_hash=freeze.hash_of(data), **resolution)
    before = client.get("/agenda/editionen/2026/druck/").content
    assert before.count(b'class="edition-measure"') == wanted["measures"], seed
    assert before.count(b'<h3 id="l-') == wanted["loesungen"], seed
    assert before.count(b'<li id="idee-') == wanted["ideas"], seed
    move_on(chance)
    kept = Edition.objects.get(pk=edition.pk)
    assert freeze.hash_of(kept.data) == kept.data_hash == edition.data_hash, seed
    assert client.get("/agenda/editionen/2026/druck/").content == before, seed


def each_alone(seeds: range, client: Client) -> None:
    for seed in seeds:
        with transaction.atomic():
            check(seed, client)
            transaction.set_rollback(True)


@pytest.mark.django_db
def test_random_agendas_are_frozen_as_they_are_and_stay_so(client: Client) -> None:
    each_alone(A_FEW, client)


@pytest.mark.long
@pytest.mark.timeout(3000)
@pytest.mark.django_db
def test_a_thousand_random_agendas_are_frozen_as_they_are_and_stay_so(client: Client) -> None:
    each_alone(range(1000), client)


# --- from data alone --------------------------------------------------------------------------------------------------


def random_data(chance: random.Random, keys: int = 4) -> dict[str, Any]:
    """A frozen agenda; with few keys, two of them have much in common."""
    free = [f"m{number}" for number in range(2 * keys)]
    chance.shuffle(free)

    def measures() -> list[dict[str, Any]]:
        return [
            measure(
                free.pop(),
                title=text(chance),
                text=text(chance),
                status=chance.choice(list(MeasureStatus)).value,
                ideas=[used(number) for number in chance.sample(range(keys), chance.randrange(0, 3))],
                budget_amount=chance.choice([None, "5.00"]),
            )
            for _ in range(min(len(free), chance.randrange(0, 3)))
        ]

    names = chance.sample(range(2 * keys), keys)
    tops = [
        zielbild(
            f"z{top}",
            title=text(chance),
            measures=measures(),
            loesungen=[
                loesung(
                    f"l{name}",
                    title=text(chance),
                    kpis=[kpi(f"k{chance.randrange(3)}", target=text(chance)) for _ in range(chance.randrange(0, 3))],
                    answers=[
                        {"field": "problem", "label": "Probleme", "question": "", "html": f"<p>{chance.randrange(3)}</p>"}
                    ],
                    measures=measures(),
                )
                for name in names[top::3]
            ],
        )
        for top in range(chance.randrange(1, 4))
    ]
    return agenda(*tops, ideas=[idea(number, text(chance)) for number in sorted(chance.sample(range(2 * keys), keys))])


def test_a_thousand_random_agendas_come_through_json_as_they_were_and_differ_as_they_do() -> None:
    with translation.override("de"):
        for seed in range(1000):
            chance = random.Random(seed)
            one, two = random_data(chance), random_data(chance)
            assert json.loads(freeze.canonical(one)) == one, seed
            assert freeze.hash_of(json.loads(freeze.canonical(one))) == freeze.hash_of(one), seed
            assert diff(one, one).found == [], seed
            there, back = diff(one, two), diff(two, one)
            opposites = [
                ("neu", "entfallen"),
                ("loesung-neu", "loesung-entfallen"),
                ("idee-neu", "idee-entfallen"),
                ("weiter", "zurueck"),
            ]
            for new, gone in [*opposites, ("zielbild-neu", "zielbild-entfallen"), ("kennzahl-neu", "kennzahl-entfallen")]:
                assert len(there.of(new)) == len(back.of(gone)), (seed, new)
            slugs = [{row["slug"] for row in freeze.measures_of(data)} for data in (one, two)]
            assert len(there.of("neu")) == len(slugs[1] - slugs[0]), seed
            assert len(there.of("entfallen")) == len(slugs[0] - slugs[1]), seed
