"""Idea competitions: phases, entries, votes that anyone can recount, jury; and all procedures at a glance."""
