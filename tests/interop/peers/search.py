"""Search as PyPI and Debian have it: `search.py tantivy|postgres`. Documents and queries hold stems already.

Reads one JSON object a line with a command, and answers with one.
"""

import glob
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

FOUND = 20
FIELDS = ("title", "keywords", "body")


class Tantivy:
    """The library, its index in a folder."""

    def load(self, documents):
        import tantivy

        builder = tantivy.SchemaBuilder()
        for field in FIELDS:
            builder.add_text_field(field, tokenizer_name="whitespace")
        for field in ("name", "agency"):
            builder.add_text_field(field, stored=True, tokenizer_name="raw")
        self.tantivy, self.schema = tantivy, builder.build()
        self.folder = tempfile.TemporaryDirectory()
        index = tantivy.Index(self.schema, path=self.folder.name)
        writer = index.writer(256_000_000, 1)
        for document in documents:
            fields = {name: value for name, value in document.items() if name != "id"}
            writer.add_document(tantivy.Document(**fields))
        writer.commit()
        writer.wait_merging_threads()
        index.reload()
        self.searcher = index.searcher()
        from importlib.metadata import version

        return f"tantivy {version('tantivy')}"

    def search(self, stems):
        query = self.tantivy.Query
        must, should = self.tantivy.Occur.Must, self.tantivy.Occur.Should

        def anywhere(stem, is_last):
            def within(field, boost):
                if is_last:
                    return query.regex_query(self.schema, field, f"{stem}.*")
                return query.boost_query(query.term_query(self.schema, field, stem), boost)

            return query.boolean_query([(should, within(*field)) for field in zip(FIELDS, (10.0, 5.0, 1.0))])

        last = len(stems) - 1
        asked = query.boolean_query([(must, anywhere(stem, place == last)) for place, stem in enumerate(stems)])
        hits = self.searcher.search(asked, FOUND).hits
        return [self.searcher.doc(address).to_dict() for _, address in hits]


class Postgres:
    """A server of its own on a socket in a folder of its own."""

    def load(self, documents):
        import psycopg

        self.start()
        self.connection = self.connect(psycopg)
        self.connection.execute("CREATE TABLE service (key serial PRIMARY KEY, name text, agency text, words tsvector)")
        with self.connection.cursor() as cursor:
            cursor.execute("CREATE TEMP TABLE raw (title text, keywords text, body text, name text, agency text)")
            with cursor.copy("COPY raw FROM STDIN") as copy:
                for document in documents:
                    copy.write_row([document[field] for field in (*FIELDS, "name", "agency")])
            cursor.execute(
                "INSERT INTO service (name, agency, words) SELECT name, agency, setweight(to_tsvector('simple', title), 'A')"
                " || setweight(to_tsvector('simple', keywords), 'B') || setweight(to_tsvector('simple', body), 'D') FROM raw"
            )
            cursor.execute("CREATE INDEX ON service USING gin (words)")
            cursor.execute("VACUUM ANALYZE service")
        return "PostgreSQL " + self.connection.execute("SHOW server_version").fetchone()[0]

    def start(self):
        programs = shutil.which("initdb") or sorted(glob.glob("/usr/lib/postgresql/*/bin/initdb"))[-1]
        programs = Path(os.path.realpath(programs)).parent
        self.folder = tempfile.mkdtemp()
        # The server refuses to run as the administrator.
        other = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        if other:
            shutil.chown(self.folder, "nobody", "nogroup")
        data = f"{self.folder}/data"
        quiet = {"stdout": subprocess.DEVNULL, "cwd": self.folder}
        subprocess.run([programs / "initdb", "-D", data, "-U", "peer", "--auth=trust", "-E", "UTF8", "--no-sync",
                        "--locale=C.UTF-8"], check=True, **quiet, **other)
        # The server ends when this process does, however it does.
        self.server = subprocess.Popen(
            ["sh", "-c", '"$@" & server=$!; cat; kill $server; wait $server', "server", programs / "postgres", "-D", data,
             "-k", self.folder, "-c", "listen_addresses=", "-c", "shared_buffers=512MB"],
            stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, **quiet, **other)

    def connect(self, psycopg):
        for _ in range(200):
            try:
                return psycopg.connect(host=self.folder, user="peer", dbname="postgres", autocommit=True)
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise RuntimeError("the server does not start")

    def search(self, stems):
        asked = " & ".join(f"'{stem}'" for stem in stems) + ":*"
        return self.connection.execute(
            "SELECT name, agency FROM service, to_tsquery('simple', %s) asked WHERE words @@ asked"
            " ORDER BY ts_rank(words, asked) DESC LIMIT %s",
            (asked, FOUND),
            prepare=True,
        ).fetchall()

    def end(self):
        self.connection.close()
        self.server.stdin.close()
        self.server.wait(20)
        shutil.rmtree(self.folder)


def timed(engine, stems):
    begun = time.perf_counter_ns()
    found = engine.search(stems)
    return {"us": (time.perf_counter_ns() - begun) / 1000, "found": len(found)}


def main():
    engine = {"tantivy": Tantivy, "postgres": Postgres}[sys.argv[1]]()
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            if asked["command"] == "load":
                with open(asked["documents"], encoding="utf-8") as documents:
                    answer = engine.load(json.loads(document) for document in documents)
            else:
                answer = [timed(engine, stems) for stems in asked["queries"]]
            told = {"done": answer}
        except Exception as error:
            told = {"failed": repr(error)}
        print(json.dumps(told), flush=True)
    if hasattr(engine, "end"):
        engine.end()


if __name__ == "__main__":
    main()
