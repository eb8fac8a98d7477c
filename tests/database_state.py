"""Puts the database back to a state that was kept, after a test that really commits.

Django's way is to flush every table. That also removes what migrations put in (locale, root page, groups), and a flush is
refused by the triggers that protect the decision trail. Here a state (after the migrations, with the demo content) is kept
once and brought back: on SQLite as a copy of the pages, on PostgreSQL as a schema with copies of the tables that hold rows.
"""

import sqlite3
from typing import Any

from django.db import connection, transaction


class SqliteState:
    """The whole file is copied, so triggers never run and sequences start again."""

    def __init__(self, name: str) -> None:
        connection.ensure_connection()
        self.copy = sqlite3.connect(":memory:", check_same_thread=False)
        connection.connection.backup(self.copy)

    def restore(self) -> None:
        connection.close()
        connection.ensure_connection()
        self.copy.backup(connection.connection)


class PostgresState:
    """Only tables that differ are written to. Their own triggers are off meanwhile, which a table's owner may do."""

    def __init__(self, name: str) -> None:
        self.schema = f"tests_{name}"
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA IF EXISTS {self.schema} CASCADE; CREATE SCHEMA {self.schema}")
            tables = self._column(
                cursor,
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'django_migrations' ORDER BY 1",
            )
            self.columns = {table: self._writable_columns(cursor, table) for table in tables}
            self.kept: set[str] = set()
            for table in tables:
                cursor.execute(f'SELECT EXISTS (SELECT 1 FROM public."{table}")')
                if cursor.fetchone()[0]:
                    cursor.execute(f'CREATE TABLE {self.schema}."{table}" AS TABLE public."{table}"')
                    self.kept.add(table)
            self.fingerprints = self._fingerprints(cursor)

    def restore(self) -> None:
        connection.close()
        with transaction.atomic(), connection.cursor() as cursor:
            now = self._fingerprints(cursor)
            changed = [table for table in self.columns if now[table] != self.fingerprints[table]]
            for table in changed:
                cursor.execute(f'ALTER TABLE public."{table}" DISABLE TRIGGER USER')
            # Django's foreign keys are checked at the end of the transaction: the order of the tables is free.
            for table in changed:
                cursor.execute(f'DELETE FROM public."{table}"')
            for table in changed:
                if table in self.kept:
                    names = self.columns[table]
                    cursor.execute(f'INSERT INTO public."{table}" ({names}) SELECT {names} FROM {self.schema}."{table}"')
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for table in changed:
                cursor.execute(f'ALTER TABLE public."{table}" ENABLE TRIGGER USER')

    def _fingerprints(self, cursor: Any) -> dict[str, str | None]:
        """A hash of each table's rows; of an empty table, None."""
        hashed = "SELECT '{0}', md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM public.\"{0}\" t"
        cursor.execute(" UNION ALL ".join(hashed.format(table) for table in self.columns))
        return dict(cursor.fetchall())

    @staticmethod
    def _column(cursor: Any, sql: str, parameters: list[str] | None = None) -> list[str]:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]

    def _writable_columns(self, cursor: Any, table: str) -> str:
        """Columns that PostgreSQL generates can't be inserted."""
        sql = "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        names = self._column(cursor, sql + " AND is_generated = 'NEVER' ORDER BY ordinal_position", [table])
        return ", ".join(f'"{name}"' for name in names)


def keep(name: str) -> SqliteState | PostgresState:
    return SqliteState(name) if connection.vendor == "sqlite" else PostgresState(name)
