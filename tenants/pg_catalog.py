"""Queries of PostgreSQL's catalogs that return the statements which recreate a schema.

Each query runs with the schema first on the search path. Each of its rows is one statement that names no schema,
so that it can be run with another schema first on the search path.
"""

IN_SCHEMA = "relnamespace = current_schema()::regnamespace"

FREE_SEQUENCES = f"""
    FROM pg_class c JOIN pg_sequence s ON s.seqrelid = c.oid
    WHERE {IN_SCHEMA}
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'i' AND d.refobjsubid > 0)
"""

SEQUENCES = f"""
    SELECT format('CREATE SEQUENCE %I AS %s INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s', c.relname,
        format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart, s.seqcache,
        CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END)
    {FREE_SEQUENCES} ORDER BY c.relname
"""

# An unused sequence has no last value; setval with NULL then does nothing.
POSITIONS = f"""
    SELECT format('SELECT setval(%L, %L)', quote_ident(c.relname), pg_sequence_last_value(c.oid))
    {FREE_SEQUENCES} ORDER BY c.relname
"""

# Since PostgreSQL 18, NOT NULL is a named constraint; before, it is a property of the column.
COLUMNS = """
    SELECT a.attrelid AS relid, a.attnum AS place, concat_ws(' ',
        quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
        CASE WHEN a.attcollation <> t.typcollation THEN 'COLLATE ' || a.attcollation::regcollation END,
        CASE WHEN a.attgenerated = 's' THEN format('GENERATED ALWAYS AS (%s) STORED', pg_get_expr(adbin, adrelid, true))
             WHEN a.attgenerated = 'v' THEN format('GENERATED ALWAYS AS (%s)', pg_get_expr(adbin, adrelid, true))
             WHEN adbin IS NOT NULL THEN 'DEFAULT ' || pg_get_expr(adbin, adrelid, true) END,
        CASE WHEN a.attidentity <> '' THEN format(
             'GENERATED %s AS IDENTITY (SEQUENCE NAME %I INCREMENT %s MINVALUE %s MAXVALUE %s START %s CACHE %s%s)',
             CASE a.attidentity WHEN 'a' THEN 'ALWAYS' ELSE 'BY DEFAULT' END, own.relname, s.seqincrement, s.seqmin,
             s.seqmax, s.seqstart, s.seqcache, CASE WHEN s.seqcycle THEN ' CYCLE' ELSE '' END) END,
        CASE WHEN a.attnotnull AND current_setting('server_version_num')::int < 180000 THEN 'NOT NULL' END) AS part
    FROM pg_attribute a
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef ON adrelid = a.attrelid AND adnum = a.attnum
    LEFT JOIN (pg_depend d JOIN pg_sequence s ON s.seqrelid = d.objid JOIN pg_class own ON own.oid = d.objid)
        ON d.refobjid = a.attrelid AND d.refobjsubid = a.attnum AND d.deptype = 'i' AND d.classid = 'pg_class'::regclass
    WHERE a.attnum > 0 AND NOT a.attisdropped
"""

# Foreign keys are added later, once every table exists; a constraint not validated can't be part of CREATE TABLE.
CONSTRAINTS = """
    SELECT conrelid AS relid, 10000 + row_number() OVER (ORDER BY contype = 'n', conname) AS place,
        format('CONSTRAINT %I %s', conname, pg_get_constraintdef(oid, true)) AS part
    FROM pg_constraint WHERE contype IN ('p', 'u', 'c', 'x', 'n') AND convalidated
"""

TABLES = f"""
    SELECT format('CREATE TABLE %I (%s)%s', c.relname, string_agg(part, ', ' ORDER BY place),
        CASE WHEN c.reloptions IS NOT NULL THEN format(' WITH (%s)', array_to_string(c.reloptions, ', ')) ELSE '' END)
    FROM pg_class c JOIN ({COLUMNS} UNION ALL {CONSTRAINTS}) parts ON parts.relid = c.oid
    WHERE {IN_SCHEMA} AND c.relkind = 'r'
    GROUP BY c.oid ORDER BY c.relname
"""

OWNED_SEQUENCES = f"""
    SELECT format('ALTER SEQUENCE %I OWNED BY %I.%I', c.relname, d.refobjid::regclass, a.attname)
    FROM pg_class c JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'a' AND d.refobjsubid > 0
    JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
    WHERE {IN_SCHEMA} AND c.relkind = 'S' ORDER BY c.relname
"""

INDEXES = f"""
    SELECT pg_get_indexdef(c.oid, 0, true)
    FROM pg_class c
    WHERE {IN_SCHEMA} AND c.relkind = 'i'
      AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = c.oid AND contype IN ('p', 'u', 'x'))
    ORDER BY c.relname
"""

LATE_CONSTRAINTS = f"""
    SELECT format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(k.oid, true))
    FROM pg_constraint k JOIN pg_class c ON c.oid = conrelid
    WHERE {IN_SCHEMA} AND conparentid = 0 AND (contype = 'f' OR contype IN ('c', 'n') AND NOT convalidated)
    ORDER BY c.relname, conname
"""

# PostgreSQL always writes the schema here, straight after the keyword; it is removed only there.
FUNCTIONS = """
    SELECT regexp_replace(
        pg_get_functiondef(oid), '^(CREATE OR REPLACE (?:FUNCTION|PROCEDURE) )(?:"[^"]+"|[^".]+)\\.', '\\1')
    FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND prokind IN ('f', 'p') ORDER BY oid
"""

TRIGGERS = f"""
    SELECT pg_get_triggerdef(t.oid, true)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE {IN_SCHEMA} AND NOT tgisinternal ORDER BY c.relname, tgname
"""

COMMENTS = f"""
    SELECT CASE WHEN a.attname IS NULL THEN format('COMMENT ON TABLE %s IS %L', c.oid::regclass, description)
        ELSE format('COMMENT ON COLUMN %s.%I IS %L', c.oid::regclass, a.attname, description) END
    FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass
    LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.objsubid AND d.objsubid > 0
    WHERE {IN_SCHEMA} AND c.relkind = 'r' ORDER BY c.relname, d.objsubid
"""

# In the order in which the statements can be run.
BEFORE_ROWS = (SEQUENCES, TABLES, OWNED_SEQUENCES, INDEXES)
AFTER_ROWS = (POSITIONS, LATE_CONSTRAINTS, FUNCTIONS, TRIGGERS, COMMENTS)

# Identity and generated columns get their values from PostgreSQL.
WRITABLE_COLUMNS = f"""
    SELECT c.relname, string_agg(quote_ident(attname), ', ' ORDER BY attnum)
    FROM pg_class c JOIN pg_attribute ON attrelid = c.oid
    WHERE {IN_SCHEMA} AND c.relkind = 'r'
      AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''
    GROUP BY c.relname ORDER BY c.relname
"""

UNSUPPORTED_OBJECTS = f"""
    SELECT format('the relation %s of kind %s', relname, relkind) FROM pg_class
    WHERE {IN_SCHEMA}
        AND (relkind NOT IN ('r', 'i', 'S', 't', 'c') OR relhassubclass OR relispartition OR relrowsecurity)
    UNION ALL
    SELECT format('the type %s', typname) FROM pg_type
    WHERE typnamespace = current_schema()::regnamespace AND typtype IN ('d', 'e', 'r')
    UNION ALL
    SELECT format('the statistics %s', stxname) FROM pg_statistic_ext
    WHERE stxnamespace = current_schema()::regnamespace
"""
