"""Competitions and surveys of the demo (ideas/demo/<profile>/wettbewerbe.yaml, umfragen.yaml), registered with load_demo."""

from ideas.demo import registry

from . import competitions, surveys

registry.register(pages=competitions.build_index, feature=competitions.build)
registry.register(pages=surveys.build_no_pages, feature=surveys.build)
