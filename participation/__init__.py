"""Competitions, votes, comments and surveys will live here. Nothing of them exists yet; the place in the house is kept."""
