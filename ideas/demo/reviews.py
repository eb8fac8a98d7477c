"""Reviews by criteria in the demo."""

from pathlib import Path

from .ideas import Builder


def build(builder: Builder, profile: Path) -> None:
    """Adds to what the builder has made. `profile` is the folder with the profile's data files."""
