"""What apps above add to the demo content. load_demo never imports them: they register here, as pages do with context.py."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from pages.models import HomePage

# Pages that belong to every demo, with ideas or without: get the home page and the folder with the profile's data files.
page_builders: list[Callable[[HomePage, Path], None]] = []
# What goes on top of ideas, measures and their features: get the builder (ideas/demo/ideas.py) and the folder.
feature_builders: list[Callable[[Any, Path], None]] = []


def register(*, pages: Callable[[HomePage, Path], None], feature: Callable[[Any, Path], None]) -> None:
    """Call it when the app is ready."""
    page_builders.append(pages)
    feature_builders.append(feature)
