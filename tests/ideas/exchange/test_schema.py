"""Nothing that is stored is forgotten by the export, and nothing that comes out could do harm in a spreadsheet program."""

import csv
import io

import pytest
from django.apps import apps
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import Contact
from ideas.exchange.export import csv_bytes
from ideas.exchange.left_out import FIELDS, WHOLE_MODELS
from ideas.exchange.public_tables import PUBLIC
from ideas.exchange.schema import Column, Table
from ideas.exchange.staff_tables import STAFF
from ideas.exchange.values import Kind, from_cell, guarded, to_cell, unguarded

PERSONAL = ("Contact.", "IdeaAuthor.", "Follow.", "InternalNote.", "Review.", "ReviewScore.", "Measure.project_leads")


def fields():
    for model in [*apps.get_app_config("ideas").get_models(), Contact]:
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            if not field.primary_key:
                yield f"{model.__name__}.{field.name}"


def named():
    return {column.of for table in (*PUBLIC, *STAFF) for column in table.columns}


def test_every_field_is_exported_or_left_out_with_a_reason():
    forgotten = [
        name for name in fields() if name.split(".")[0] not in WHOLE_MODELS and name not in FIELDS and name not in named()
    ]
    assert forgotten == [], "name it in ideas/exchange: a column of a table, or left_out.py with a reason"


def test_nothing_is_left_out_and_exported_at_once_or_named_that_does_not_exist():
    existing = {*fields(), "Tag.name", "Tag.slug", "Kpi.id"}
    assert named() - existing == set()
    assert set(FIELDS) - existing == set()
    assert set(FIELDS) & named() == set()
    assert all([*FIELDS.values(), *WHOLE_MODELS.values()])


def test_no_table_of_the_public_export_names_a_person():
    personal = [column.of for table in PUBLIC for column in table.columns if column.of.startswith(PERSONAL)]
    assert personal == []
    people = {"Support.contact", "TrailText.actor", "TrailText.internal_note", "ProgressNote.author", "KpiValue.author"}
    assert people & {column.of for table in PUBLIC for column in table.columns} == set()


def test_names_of_tables_and_columns_are_unique():
    tables = [table.name for table in (*PUBLIC, *STAFF)]
    assert len(tables) == len(set(tables))
    for table in (*PUBLIC, *STAFF):
        for names in ([c.name for c in table.columns], [c.english for c in table.columns]):
            assert len(names) == len(set(names)), table.name


ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
DANGEROUS = st.builds(
    "".join, st.lists(st.sampled_from(["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "＠", "'", " ", "a", '"', ",", ";"]))
)


@given(ANYTHING | DANGEROUS)
def test_every_text_survives_the_apostrophe(text):
    assert unguarded(guarded(text)) == text


@given(ANYTHING | DANGEROUS)
def test_no_cell_begins_as_a_formula(text):
    assert guarded(text).lstrip(" ")[:1] not in set("=+-@\t\r\n＝＋－＠")


@given(st.lists(ANYTHING.filter(bool) | DANGEROUS.filter(bool), max_size=5))
def test_every_list_survives_its_cell(items):
    assert from_cell(Kind.LIST, to_cell(Kind.LIST, items)) == items


@given(ANYTHING | DANGEROUS)
def test_every_text_survives_the_csv_file(text):
    table = Table("t", "t", "", list, (Column("wort", "word", "A.b"), Column("zahl", "number", "A.c", Kind.DECIMAL)))
    content = csv_bytes(table, [{"wort": text, "zahl": "-5.00"}])
    (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
    assert unguarded(row["wort"]) == text
    assert row["zahl"] == "-5.00"


@pytest.mark.parametrize("text", ["=1+1", "+49 261", "-x", "@SUM(A1)", "\t=1", "＝1", "  =cmd|' /C calc'!A0", "'schon da"])
def test_what_looks_like_a_formula_gets_an_apostrophe(text):
    assert guarded(text) == "'" + text


def test_the_document_says_what_the_tables_say():
    from ideas.management.commands import describe_data_format

    assert describe_data_format.FILE.read_text(encoding="utf-8") == describe_data_format.text(), (
        "manage.py describe_data_format"
    )
