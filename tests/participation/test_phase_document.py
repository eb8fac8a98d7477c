"""The document of the phases says what the table says."""

import pytest
from django.core.management import CommandError, call_command

from participation.management.commands import describe_phases


def test_the_document_is_up_to_date() -> None:
    assert describe_phases.FILE.read_text() == describe_phases.text(), "manage.py describe_phases writes it anew"
    call_command("describe_phases", check=True)


def test_an_old_document_is_noticed_and_written_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    file = tmp_path / "phasen.md"  # type: ignore[operator]
    monkeypatch.setattr(describe_phases, "FILE", file)
    with pytest.raises(CommandError, match="describe_phases"):
        call_command("describe_phases", check=True)
    call_command("describe_phases")
    assert file.read_text() == describe_phases.text()


def test_the_document_names_every_deed_and_when_it_is_possible() -> None:
    text = describe_phases.text()
    assert "| Abstimmen, Stimme ändern und zurückziehen |   |   |   |   |   | ● |   |   |   |   |" in text
    assert text.count("`") >= 2 * 13
