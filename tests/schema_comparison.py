"""Reads everything PostgreSQL stores about a schema, to compare two schemas.

This is independent of tenants.pg_catalog on purpose: it reads the catalogs column by column, so it finds what the
statements made from them left out. PostgreSQL's own bookkeeping is not read: hints that a vacuum corrects
(relhastriggers and the like), options that no statement can set, and the position of a sequence, which survives
a rollback.
"""

import re
from collections import Counter

from django.db import connection

from tenants.context import use_business
from tenants.models import Business

CURRENT_SCHEMA = "current_schema()::regnamespace"
# All options that ALTER COLUMN … SET (…) accepts. PostgreSQL 15.20 stores a version of its own next to them.
COLUMN_OPTIONS = "ARRAY['n_distinct', 'n_distinct_inherited']"

CATALOG_QUERIES = {
    "relations": f"""
        SELECT relname, relkind, relpersistence, reloptions, relacl, relowner::regrole, relreplident, relrowsecurity,
            relforcerowsecurity, relispartition, reltablespace, am.amname, relchecks
        FROM pg_class c LEFT JOIN pg_am am ON am.oid = relam
        WHERE relnamespace = {CURRENT_SCHEMA} AND relkind <> 't'""",
    "columns": f"""
        SELECT relname, row_number() OVER (PARTITION BY c.oid ORDER BY attnum), attname,
            format_type(atttypid, atttypmod), attcollation::regcollation, attnotnull, attidentity, attgenerated,
            attstorage, attcompression, attislocal, attinhcount, attacl, pg_get_expr(adbin, adrelid),
            ARRAY(SELECT option FROM unnest(attoptions) option
                WHERE split_part(option, '=', 1) = ANY ({COLUMN_OPTIONS}) ORDER BY option)
        FROM pg_class c JOIN pg_attribute ON attrelid = c.oid LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
        WHERE relnamespace = {CURRENT_SCHEMA} AND relkind IN ('r', 'v', 'm', 'p')
            AND attnum > 0 AND NOT attisdropped""",
    "constraints": f"""
        SELECT conrelid::regclass, conname, contype, pg_get_constraintdef(oid), condeferrable, condeferred,
            convalidated, conislocal, connoinherit, conindid::regclass, confrelid::regclass
        FROM pg_constraint WHERE connamespace = {CURRENT_SCHEMA}""",
    "indexes": f"""
        SELECT c.relname, pg_get_indexdef(c.oid), indisunique, indisprimary, indisexclusion, indimmediate,
            indisclustered, indisvalid, indisready, indisreplident, indnullsnotdistinct, indcollation, indclass::text
        FROM pg_class c JOIN pg_index ON indexrelid = c.oid WHERE relnamespace = {CURRENT_SCHEMA}""",
    "sequences": f"""
        SELECT c.relname, s.seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
            refobjid::regclass, refobjsubid, deptype
        FROM pg_class c JOIN pg_sequence s ON seqrelid = c.oid
        LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
        WHERE relnamespace = {CURRENT_SCHEMA}""",
    "triggers": f"""
        SELECT tgrelid::regclass, CASE WHEN tgisinternal THEN tgfoid::regproc::text ELSE pg_get_triggerdef(t.oid) END,
            tgenabled, tgtype, tgdeferrable, tginitdeferred
        FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = {CURRENT_SCHEMA}""",
    "functions": f"SELECT proname, pg_get_functiondef(oid), proacl FROM pg_proc WHERE pronamespace = {CURRENT_SCHEMA}",
    "types": f"SELECT typname, typtype, typcategory FROM pg_type WHERE typnamespace = {CURRENT_SCHEMA}",
    "rules": f"""
        SELECT c.relname, pg_get_ruledef(r.oid), ev_enabled FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class
        WHERE relnamespace = {CURRENT_SCHEMA}""",
    "children": f"""
        SELECT inhrelid::regclass, inhparent::regclass, inhseqno
        FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relnamespace = {CURRENT_SCHEMA}""",
    "comments": f"""
        SELECT c.relname, objsubid, description
        FROM pg_description JOIN pg_class c ON c.oid = objoid AND classoid = 'pg_class'::regclass
        WHERE relnamespace = {CURRENT_SCHEMA}""",
    "policies": f"""
        SELECT polname FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE relnamespace = {CURRENT_SCHEMA}""",
    "statistics": f"SELECT stxname FROM pg_statistic_ext WHERE stxnamespace = {CURRENT_SCHEMA}",
    "privileges": f"SELECT nspowner::regrole, nspacl FROM pg_namespace WHERE oid = {CURRENT_SCHEMA}",
}


def schema_contents(business: Business) -> dict[str, list[str]]:
    """Return all objects and rows of a business's schema, with the schema's own name replaced."""
    with use_business(business), connection.cursor() as cursor:
        contents = {}
        for subject, query in CATALOG_QUERIES.items():
            cursor.execute(query)
            contents[subject] = sorted(_hide_schema_name(business, row) for row in cursor.fetchall())
        contents["rows"] = sorted(_query_rows(cursor, business))
        return contents


def schema_differences(one: Business, other: Business) -> list[str]:
    """Return what only one of two schemas has, a line each; an empty list when they are equal."""
    left, right = schema_contents(one), schema_contents(other)
    lines = []
    for subject in left:
        left_counts, right_counts = Counter(left[subject]), Counter(right[subject])
        lines += [f"- {subject}: {line}" for line in (left_counts - right_counts).elements()]
        lines += [f"+ {subject}: {line}" for line in (right_counts - left_counts).elements()]
    return lines


def _query_rows(cursor, business: Business):
    cursor.execute(f"SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = {CURRENT_SCHEMA} AND relkind = 'r'")
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT to_jsonb(r) - 'applied' FROM {table} r")
        for (row,) in cursor.fetchall():
            yield f"{table} {_hide_schema_name(business, row)}"


def _hide_schema_name(business: Business, row) -> str:
    return re.sub(rf"\b{business.schema_name}\b", "SCHEMA", str(row))
