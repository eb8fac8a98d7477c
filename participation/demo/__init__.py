"""What participation adds to the demo: competitions (ideas/demo/<profile>/wettbewerbe.yaml), comments (kommentare.yaml) and
surveys (umfragen.yaml), registered with load_demo."""

from pathlib import Path

from ideas.demo import registry
from ideas.demo.ideas import Builder

from . import comments, competitions, surveys


def _build(builder: Builder, profile: Path) -> None:
    competitions.build(builder, profile)
    comments.build(builder, profile)
    surveys.build(builder, profile)


registry.register(pages=competitions.build_index, feature=_build)
