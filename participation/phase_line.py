"""The phases of a competition as a line: what is over, what runs, what comes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from .models import Competition


@dataclass(frozen=True)
class Step:
    """One phase on the line. `state`: done, current or todo."""

    label: Any
    state: str


def line_of(competition: Competition, now: datetime) -> list[Step]:
    """The phases in order; [] as long as none has a date."""

    def state(span: Any) -> str:
        return "done" if span.is_over(now) else "current" if span.holds(now) else "todo"

    return [Step(span.phase.label, state(span)) for span in competition.spans]
