"""Competitions of the demo (ideas/demo/<profile>/wettbewerbe.yaml), registered with load_demo."""

from ideas.demo import registry

from . import competitions

registry.register(pages=competitions.build_index, feature=competitions.build)
