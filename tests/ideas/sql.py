"""Raw SQL, below the ORM, as somebody would type it; and the database's own command line as a process of its own."""

import os
import shutil
import sqlite3
import subprocess
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction


def execute(sql: str, *parameters: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


def assert_refused(sql: str, *parameters: Any, because: str) -> None:
    with pytest.raises(DatabaseError, match=because), transaction.atomic():
        execute(sql, *parameters)


def run_psql(sql: str) -> subprocess.CompletedProcess[str]:
    """Type this into psql; skips where there is no psql."""
    if not (psql := shutil.which("psql")):
        pytest.skip("no psql here (Debian: apt install postgresql-client)")
    its = connection.settings_dict
    return subprocess.run(
        [psql, "-X", "-v", "ON_ERROR_STOP=1", "-h", its["HOST"], "-p", str(its["PORT"]), "-U", its["USER"], "-d", its["NAME"], "-c", sql],
        env={**os.environ, "PGPASSWORD": its["PASSWORD"]}, capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip


def type_into_sqlite(sql: str) -> None:
    """What the sqlite3 program does: a connection of its own, foreign keys unchecked, every statement committed."""
    own = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=10)
    try:
        own.executescript(sql)
    finally:
        own.close()
