"""What does PostgreSQL know about a schema? Everything that could differ between two of them.

This is written apart from tenants.pg_catalog on purpose: it reads the catalogs column by
column, so it can see what the statements made from them forgot. Only what somebody defines is read.
PostgreSQL's own notes are left out: hints that a vacuum sets straight (relhastriggers and its like),
options that no statement can set, and how far a sequence has counted, which outlives a rollback.
"""

import re
from collections import Counter

from django.db import connection

from tenants.context import use_business
from tenants.models import Business

HERE = "current_schema()::regnamespace"
# All that ALTER COLUMN … SET (…) knows. PostgreSQL 15.20 keeps a version of its own beside them.
COLUMN_OPTIONS = "ARRAY['n_distinct', 'n_distinct_inherited']"

QUESTIONS = {
    "relations": f"""
        SELECT relname, relkind, relpersistence, reloptions, relacl, relowner::regrole, relreplident, relrowsecurity,
            relforcerowsecurity, relispartition, reltablespace, am.amname, relchecks
        FROM pg_class c LEFT JOIN pg_am am ON am.oid = relam WHERE relnamespace = {HERE} AND relkind <> 't'""",
    "columns": f"""
        SELECT relname, row_number() OVER (PARTITION BY c.oid ORDER BY attnum), attname,
            format_type(atttypid, atttypmod), attcollation::regcollation, attnotnull, attidentity, attgenerated,
            attstorage, attcompression, attislocal, attinhcount, attacl, pg_get_expr(adbin, adrelid),
            ARRAY(SELECT option FROM unnest(attoptions) option
                WHERE split_part(option, '=', 1) = ANY ({COLUMN_OPTIONS}) ORDER BY option)
        FROM pg_class c JOIN pg_attribute ON attrelid = c.oid LEFT JOIN pg_attrdef ON adrelid = c.oid AND adnum = attnum
        WHERE relnamespace = {HERE} AND relkind IN ('r', 'v', 'm', 'p') AND attnum > 0 AND NOT attisdropped""",
    "constraints": f"""
        SELECT conrelid::regclass, conname, contype, pg_get_constraintdef(oid), condeferrable, condeferred,
            convalidated, conislocal, connoinherit, conindid::regclass, confrelid::regclass
        FROM pg_constraint WHERE connamespace = {HERE}""",
    "indexes": f"""
        SELECT c.relname, pg_get_indexdef(c.oid), indisunique, indisprimary, indisexclusion, indimmediate,
            indisclustered, indisvalid, indisready, indisreplident, indnullsnotdistinct, indcollation, indclass::text
        FROM pg_class c JOIN pg_index ON indexrelid = c.oid WHERE relnamespace = {HERE}""",
    "sequences": f"""
        SELECT c.relname, s.seqtypid::regtype, seqstart, seqincrement, seqmin, seqmax, seqcache, seqcycle,
            refobjid::regclass, refobjsubid, deptype
        FROM pg_class c JOIN pg_sequence s ON seqrelid = c.oid
        LEFT JOIN pg_depend d ON d.objid = c.oid AND d.classid = 'pg_class'::regclass AND deptype IN ('a', 'i')
        WHERE relnamespace = {HERE}""",
    "triggers": f"""
        SELECT tgrelid::regclass, CASE WHEN tgisinternal THEN tgfoid::regproc::text ELSE pg_get_triggerdef(t.oid) END,
            tgenabled, tgtype, tgdeferrable, tginitdeferred
        FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid WHERE relnamespace = {HERE}""",
    "functions": f"SELECT proname, pg_get_functiondef(oid), proacl FROM pg_proc WHERE pronamespace = {HERE}",
    "types": f"SELECT typname, typtype, typcategory FROM pg_type WHERE typnamespace = {HERE}",
    "rules": f"""
        SELECT c.relname, pg_get_ruledef(r.oid), ev_enabled FROM pg_rewrite r JOIN pg_class c ON c.oid = ev_class
        WHERE relnamespace = {HERE}""",
    "children": f"""
        SELECT inhrelid::regclass, inhparent::regclass, inhseqno
        FROM pg_inherits JOIN pg_class c ON c.oid = inhrelid WHERE relnamespace = {HERE}""",
    "comments": f"""
        SELECT c.relname, objsubid, description
        FROM pg_description JOIN pg_class c ON c.oid = objoid AND classoid = 'pg_class'::regclass
        WHERE relnamespace = {HERE}""",
    "policies": f"""
        SELECT polname FROM pg_policy JOIN pg_class c ON c.oid = polrelid WHERE relnamespace = {HERE}""",
    "statistics": f"SELECT stxname FROM pg_statistic_ext WHERE stxnamespace = {HERE}",
    "privileges": f"SELECT nspowner::regrole, nspacl FROM pg_namespace WHERE oid = {HERE}",
}


def picture(business: Business) -> dict[str, list[str]]:
    """Return all there is in a business's schema, its rows included, with the schema's own name left out."""
    with use_business(business), connection.cursor() as cursor:
        seen = {}
        for subject, question in QUESTIONS.items():
            cursor.execute(question)
            seen[subject] = sorted(_without(business, row) for row in cursor.fetchall())
        seen["rows"] = sorted(_rows(cursor, business))
        return seen


def differences(one: Business, other: Business) -> list[str]:
    """Return what is said of one schema and not of the other, a line each; nothing when they are alike."""
    left, right = picture(one), picture(other)
    lines = []
    for subject in left:
        here, there = Counter(left[subject]), Counter(right[subject])
        lines += [f"- {subject}: {line}" for line in (here - there).elements()]
        lines += [f"+ {subject}: {line}" for line in (there - here).elements()]
    return lines


def _rows(cursor, business: Business):
    cursor.execute(f"SELECT quote_ident(relname) FROM pg_class WHERE relnamespace = {HERE} AND relkind = 'r'")
    for (table,) in cursor.fetchall():
        cursor.execute(f"SELECT to_jsonb(r) - 'applied' FROM {table} r")
        for (row,) in cursor.fetchall():
            yield f"{table} {_without(business, row)}"


def _without(business: Business, row) -> str:
    return re.sub(rf"\b{business.schema_name}\b", "SCHEMA", str(row))
