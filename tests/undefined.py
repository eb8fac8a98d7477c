"""Names that a template of ours uses and nobody defines. Django prints nothing for them, so a typo goes unseen."""

import inspect
from pathlib import Path

from django.template.base import Node

TEMPLATES = Path(__file__).parents[1] / "templates"


class Recorder(str):
    """Stands in Django's setting string_if_invalid: notes every use, prints nothing.

    Templates of packages are left alone; they do rely on undefined names.
    """

    found: list[str]

    def __new__(cls) -> "Recorder":
        recorder = super().__new__(cls, "undefined")  # Django ignores an empty one
        recorder.found = []
        return recorder

    def __contains__(self, key: object) -> bool:
        return key == "%s"

    def __mod__(self, variable: object) -> str:
        template = self._template()
        if template and template.is_relative_to(TEMPLATES):
            self.found.append(f"{template.relative_to(TEMPLATES)}: {variable}")
        return ""

    @staticmethod
    def _template() -> Path | None:
        frame = inspect.currentframe()
        while frame:
            node = frame.f_locals.get("self")
            if isinstance(node, Node) and getattr(node, "origin", None):
                return Path(node.origin.name)
            frame = frame.f_back
        return None
