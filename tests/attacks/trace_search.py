"""A search for traces of a person in everything that is kept: all tables of a schema, stored files, Redis and caches.

It reads the tables from PostgreSQL's own catalogue, so that a table nobody thought of is searched, too.
"""

import io
import re
import unicodedata
import zipfile
from urllib.parse import unquote_plus

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from portal.clients.models import Upload
from portal.clients.uploads.upload_files import open_file
from tenants.context import use_business

TABLES = """
    SELECT relname FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = %s AND relkind IN ('r', 'p', 'm') ORDER BY relname
"""
BYTE_COLUMNS = """
    SELECT attname FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
      JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE nspname = %s AND relname = %s AND atttypid = 'bytea'::regtype AND NOT attisdropped
"""
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "cp1252")
BETWEEN_DIGITS = re.compile(r"(?<=\d)[\s()./\-\u2010-\u2015]+(?=\d)")


def search_everything(business, traces, *, redis_db):
    """Return the places that hold one of the traces, with the trace."""
    places = {**read_tables("public"), **read_tables(business.schema_name), **read_files(business)}
    places |= {f"redis {key!r}": read_redis_value(redis_db, key) for key in redis_db.scan_iter()}
    places |= {f"cache {key}": read_bytes(value) for key, value in getattr(cache, "_cache", {}).items()}
    places |= {f"session {row.pk}": str(row.get_decoded()) for row in Session.objects.all()}
    return {(place, trace) for place, text in places.items() for trace in find_traces(text, traces)}


def read_tables(schema):
    """Return all that the tables of a schema hold, as text, by their names."""
    with connection.cursor() as cursor:
        cursor.execute(TABLES, [schema])
        tables = [name for (name,) in cursor.fetchall()]
        return {f"{schema}.{table}": read_table(cursor, schema, table) for table in tables}


def read_table(cursor, schema, table):
    """Return all values of a table as text, bytes in every encoding."""
    cursor.execute(f'SELECT t::text FROM "{schema}"."{table}" t')
    text = "\n".join(row for (row,) in cursor.fetchall())
    cursor.execute(BYTE_COLUMNS, [schema, table])
    for (column,) in cursor.fetchall():
        cursor.execute(f'SELECT "{column}" FROM "{schema}"."{table}" t')
        text += "\n".join(read_bytes(value) for (value,) in cursor.fetchall() if value)
    return text


def read_files(business):
    """Return the text of every uploaded file, put together from its chunks and unpacked."""
    texts = {}
    with use_business(business):
        for upload in Upload.objects.all():
            with open_file(upload) as file:
                texts[f"file {upload.pk} {upload.state}"] = read_bytes(file.read())
    return texts


def read_bytes(data):
    """Return bytes as text in every encoding, an archive with all that is packed in it."""
    data = bytes(data)
    if data.startswith(b"PK\x03\x04") and zipfile.is_zipfile(io.BytesIO(data)):
        archive = zipfile.ZipFile(io.BytesIO(data))
        return "\n".join(read_bytes(archive.read(name)) for name in archive.namelist())
    return "\n".join(data.decode(encoding, errors="ignore") for encoding in ENCODINGS)


def read_redis_value(redis_db, key):
    """Return a key of Redis and its value, whatever its type is."""
    readers = {
        b"string": redis_db.get,
        b"list": lambda name: redis_db.lrange(name, 0, -1),
        b"hash": redis_db.hgetall,
        b"set": redis_db.smembers,
        b"zset": lambda name: redis_db.zrange(name, 0, -1),
    }
    return f"{key!r} {readers[redis_db.type(key)](key)!r}"


def find_traces(text, traces):
    """Return the traces in a text, whatever their case and spelling, digits without what separates them."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    digits = BETWEEN_DIGITS.sub("", plain)
    return [trace for trace in traces if any(trace in one for one in (plain, digits, unquote_plus(plain)))]
