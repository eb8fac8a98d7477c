"""Merged ideas in the demo, one merge that was undone, and a split: ideas that come in, and then several steps with them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml
from django.utils import timezone

from .. import actions
from ..models import Idea
from .ideas import Builder

FILE = "zusammenlegungen.yaml"


def build(builder: Builder, profile: Path) -> None:
    """Adds to what the builder has made. `profile` is the folder with the profile's data files."""
    if not (profile / FILE).exists():
        return
    data = yaml.safe_load((profile / FILE).read_text())
    ideas = {}
    for row in data["ideen"]:
        number = (Idea.objects.order_by("-number").values_list("number", flat=True).first() or 0) + 1
        builder.examples([{**row, "id": number}])
        ideas[row["name"]] = number
    for step in data["schritte"]:
        _take(builder, step, ideas)


def _take(builder: Builder, step: dict[str, Any], numbers: dict[str, int]) -> None:
    by, now = builder.people["leitung"], timezone.now() - timedelta(days=step["vor_tagen"])
    decision = actions.Decision(reason=step["grund"], office=builder.office)
    names = step["ideen"] if "ideen" in step else [step["idee"]]
    ideas = list(Idea.objects.filter(number__in=[numbers[name] for name in names]))
    match step["aktion"]:
        case "zusammenlegen":
            target = Idea.objects.get(number=numbers[step["ziel"]])
            actions.merge(target, ideas, by=by, decision=decision, now=now)
        case "trennen":
            actions.unmerge(ideas, by=by, decision=decision, now=now)
        case "aufteilen":
            parts = [actions.Part(part["title"], part["text"], builder.loesungen[part["loesung"]]) for part in step["teile"]]
            actions.split(ideas[0], parts, by=by, decision=decision, now=now)
