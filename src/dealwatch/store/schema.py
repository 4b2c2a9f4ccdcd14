"""The only DDL: ordered migrations, each in its own transaction, whose last statement sets ``user_version``.

``user_version`` alone decides what a store is: 0 is an empty file, a number above `VERSION` is a newer program's store.
Times are text in UTC of fixed width, lists are JSON, sums are numbers (ANY keeps integers whole).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

APPLICATION_ID = 0x64656C77  # "delw"
VERSION = 4

_V1 = """
CREATE TABLE sources (
    name TEXT PRIMARY KEY, kind TEXT NOT NULL, url TEXT NOT NULL, configured_url TEXT, lang TEXT,
    tier INTEGER NOT NULL DEFAULT 2,
    etag TEXT, last_modified TEXT, body_hash TEXT, failures INTEGER NOT NULL DEFAULT 0, last_fetch_at TEXT,
    last_success_at TEXT, next_fetch_at TEXT, disabled_reason TEXT, last_error TEXT
) STRICT;
CREATE TABLE fetches (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, started_at TEXT NOT NULL, outcome TEXT NOT NULL,
    entries INTEGER NOT NULL DEFAULT 0, stored INTEGER NOT NULL DEFAULT 0, failed INTEGER NOT NULL DEFAULT 0,
    seconds REAL NOT NULL DEFAULT 0, error TEXT
) STRICT;
CREATE INDEX fetches_source ON fetches (source, started_at);
CREATE TABLE entries (
    source TEXT NOT NULL, key TEXT NOT NULL, url TEXT NOT NULL, title TEXT NOT NULL DEFAULT '', published TEXT,
    first_seen_at TEXT NOT NULL, hash TEXT NOT NULL, state TEXT NOT NULL, tries INTEGER NOT NULL DEFAULT 0,
    next_try_at TEXT, article_id TEXT, error TEXT, PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_due ON entries (source, next_try_at) WHERE next_try_at IS NOT NULL;
CREATE TABLE articles (
    id TEXT PRIMARY KEY, url TEXT NOT NULL, canonical_url TEXT NOT NULL, source TEXT NOT NULL,
    tier INTEGER NOT NULL DEFAULT 2, title TEXT NOT NULL, authors TEXT NOT NULL DEFAULT '[]', lang TEXT NOT NULL,
    published TEXT, published_at TEXT NOT NULL, date_precision TEXT, date_source TEXT, modified_at TEXT,
    observed_at TEXT NOT NULL, method TEXT NOT NULL, revision INTEGER NOT NULL DEFAULT 1, text TEXT NOT NULL,
    text_hash TEXT NOT NULL, simhash INTEGER NOT NULL DEFAULT 0, ai INTEGER NOT NULL DEFAULT 0, parser TEXT NOT NULL
) STRICT;
CREATE INDEX articles_published ON articles (published_at);
CREATE INDEX articles_source ON articles (source, published_at);
CREATE TABLE revisions (
    article_id TEXT NOT NULL REFERENCES articles (id), number INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL,
    text_hash TEXT NOT NULL, published_at TEXT NOT NULL, observed_at TEXT NOT NULL, PRIMARY KEY (article_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE amounts (
    article_id TEXT NOT NULL REFERENCES articles (id), start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    text TEXT NOT NULL, low ANY, high ANY, scale ANY, currency TEXT, qualifier TEXT NOT NULL, kind TEXT NOT NULL,
    currency_source TEXT NOT NULL, equivalent_of INTEGER, PRIMARY KEY (article_id, start)
) STRICT, WITHOUT ROWID;
CREATE TABLE quotes (
    id INTEGER PRIMARY KEY, article_id TEXT NOT NULL REFERENCES articles (id), start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL, speaker TEXT, speaker_fold TEXT, speaker_id TEXT,
    speaker_org TEXT, speaker_title TEXT, mention_start INTEGER, mention_end INTEGER, cue TEXT,
    closed INTEGER NOT NULL, confidence REAL NOT NULL, published_at TEXT NOT NULL
) STRICT;
CREATE INDEX quotes_article ON quotes (article_id, start);
CREATE INDEX quotes_speaker ON quotes (speaker_fold, published_at);
CREATE INDEX quotes_company ON quotes (speaker_id, published_at);
CREATE INDEX quotes_published ON quotes (published_at);
CREATE TABLE mentions (
    article_id TEXT NOT NULL REFERENCES articles (id), company_id TEXT NOT NULL, start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, party INTEGER NOT NULL, PRIMARY KEY (article_id, company_id, start)
) STRICT, WITHOUT ROWID;
CREATE INDEX mentions_company ON mentions (company_id, article_id);
CREATE TABLE claims (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL, article_id TEXT NOT NULL REFERENCES articles (id),
    revision INTEGER NOT NULL, block TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, main INTEGER NOT NULL,
    voice TEXT NOT NULL, target TEXT, investors TEXT NOT NULL, lead TEXT NOT NULL,
    amount_low ANY, amount_high ANY, amount_scale ANY, currency TEXT, amount_qualifier TEXT,
    valuation_low ANY, valuation_high ANY, valuation_scale ANY, valuation_currency TEXT, valuation_qualifier TEXT,
    round TEXT, stake_pct REAL, date TEXT, ai INTEGER NOT NULL, confidence REAL NOT NULL, evidence TEXT NOT NULL,
    parser TEXT NOT NULL, published_at TEXT NOT NULL, observed_at TEXT NOT NULL,
    published_until TEXT, observed_until TEXT, superseded_at TEXT
) STRICT;
CREATE INDEX claims_key ON claims (key);
CREATE INDEX claims_block ON claims (block) WHERE superseded_at IS NULL;
CREATE INDEX claims_published ON claims (published_at, block) WHERE superseded_at IS NULL;
CREATE INDEX claims_published_until ON claims (published_until, block) WHERE published_until IS NOT NULL;
CREATE INDEX claims_observed ON claims (observed_at, block) WHERE superseded_at IS NULL;
CREATE INDEX claims_observed_until ON claims (observed_until, block) WHERE observed_until IS NOT NULL;
CREATE INDEX claims_article ON claims (article_id);
CREATE TABLE deals (
    deal_id TEXT PRIMARY KEY, block TEXT NOT NULL, date TEXT NOT NULL, date_precision TEXT NOT NULL, completed_on TEXT,
    status TEXT NOT NULL, type TEXT NOT NULL, round TEXT, target_id TEXT, target TEXT, investors TEXT NOT NULL,
    lead_investors TEXT NOT NULL, amount_low ANY, amount_high ANY, amount_scale ANY, currency TEXT,
    amount_qualifier TEXT, amount_usd ANY, fx_date TEXT, valuation_low ANY, valuation_high ANY, valuation_scale ANY,
    valuation_currency TEXT, valuation_qualifier TEXT, stake_pct REAL, confirmations INTEGER NOT NULL,
    sources TEXT NOT NULL, langs TEXT NOT NULL, best_source_url TEXT NOT NULL, evidence TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, ai INTEGER NOT NULL, doubts TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deals_date ON deals (date, deal_id);
CREATE INDEX deals_block ON deals (block);
CREATE TABLE deal_parties (
    deal_id TEXT NOT NULL, company_id TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (company_id, role, deal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_parties_deal ON deal_parties (deal_id);
CREATE TABLE deal_claims (
    claim_key TEXT PRIMARY KEY, deal_id TEXT NOT NULL, claim_deal_id TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_claims_deal ON deal_claims (deal_id);
CREATE INDEX deal_claims_claim_deal ON deal_claims (claim_deal_id);
CREATE TABLE rates (
    currency TEXT NOT NULL, day TEXT NOT NULL, usd TEXT, rate_day TEXT, PRIMARY KEY (currency, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE judgements (
    id INTEGER PRIMARY KEY, verb TEXT NOT NULL, claims TEXT NOT NULL, note TEXT NOT NULL DEFAULT '',
    made_at TEXT NOT NULL, undone_at TEXT
) STRICT;
CREATE TABLE companies (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, ai INTEGER NOT NULL, ticker TEXT, domain TEXT,
    country TEXT, status TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE aliases (
    fold TEXT NOT NULL, company_id TEXT NOT NULL, origin TEXT NOT NULL, PRIMARY KEY (fold, company_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE marks (name TEXT PRIMARY KEY, observed_at TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID
"""

# Paywalled stubs are told apart; what a sitemap's children and a host that asked for rest said is kept between runs,
# and of a source which address gave its validators, how long its answer holds, and what was taken of it (`choice`).
_V2 = """
ALTER TABLE articles ADD COLUMN paywalled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN given_by TEXT;
ALTER TABLE sources ADD COLUMN max_age INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN ttl INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN choice TEXT;
CREATE TABLE child_sitemaps (
    source TEXT NOT NULL, url TEXT NOT NULL, place INTEGER NOT NULL, etag TEXT, last_modified TEXT, body_hash TEXT,
    PRIMARY KEY (source, url)
) STRICT, WITHOUT ROWID;
CREATE TABLE hosts (place TEXT PRIMARY KEY, rest_until TEXT NOT NULL) STRICT, WITHOUT ROWID
"""

# Deals keep what a later claim is held against (`grouped`) and the times of their claims, so that a new story touches
# only the deals of its time; their histories are kept line by line, so that `diff` reads a stretch of an index. What is
# derived is made anew by the first run that writes. A speaker is found by his last word, too. The words of an article's
# present text are kept once.
_V3 = """
DROP TABLE deals;
DROP TABLE deal_parties;
DROP TABLE deal_claims;
DROP INDEX claims_block;
CREATE INDEX claims_block ON claims (block, published_at) WHERE superseded_at IS NULL;
CREATE TABLE deals (
    deal_id TEXT PRIMARY KEY, block TEXT NOT NULL, date TEXT NOT NULL, date_precision TEXT NOT NULL, completed_on TEXT,
    status TEXT NOT NULL, type TEXT NOT NULL, round TEXT, target_id TEXT, target TEXT, investors TEXT NOT NULL,
    lead_investors TEXT NOT NULL, amount_low ANY, amount_high ANY, amount_scale ANY, currency TEXT,
    amount_qualifier TEXT, amount_usd ANY, fx_date TEXT, valuation_low ANY, valuation_high ANY, valuation_scale ANY,
    valuation_currency TEXT, valuation_qualifier TEXT, stake_pct REAL, confirmations INTEGER NOT NULL,
    sources TEXT NOT NULL, langs TEXT NOT NULL, best_source_url TEXT NOT NULL, evidence TEXT NOT NULL,
    first_seen TEXT NOT NULL, last_seen TEXT NOT NULL, ai INTEGER NOT NULL, ai_at TEXT, first_at TEXT NOT NULL,
    last_at TEXT NOT NULL, refused_on TEXT, grouped TEXT NOT NULL
) STRICT;
CREATE INDEX deals_date ON deals (date, deal_id);
CREATE INDEX deals_ai_date ON deals (ai, date, deal_id);
CREATE INDEX deals_block ON deals (block, last_at);
CREATE INDEX deals_last ON deals (last_at, first_at);
CREATE INDEX deals_target ON deals (target_id, first_at);
CREATE TABLE deal_parties (
    deal_id TEXT NOT NULL, company_id TEXT NOT NULL, role TEXT NOT NULL, name TEXT NOT NULL,
    PRIMARY KEY (company_id, role, deal_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_parties_deal ON deal_parties (deal_id);
CREATE TABLE deal_claims (
    claim_key TEXT PRIMARY KEY, deal_id TEXT NOT NULL, claim_deal_id TEXT NOT NULL, why TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_claims_deal ON deal_claims (deal_id);
CREATE INDEX deal_claims_claim_deal ON deal_claims (claim_deal_id);
CREATE TABLE deal_changes (
    deal_id TEXT NOT NULL, place INTEGER NOT NULL, at TEXT NOT NULL, block TEXT NOT NULL, change TEXT NOT NULL,
    field TEXT, was TEXT, now TEXT, was_source TEXT, now_source TEXT, target TEXT, type TEXT NOT NULL, claim_key TEXT,
    PRIMARY KEY (deal_id, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_changes_at ON deal_changes (at);
CREATE TABLE doubts (
    deal_id TEXT NOT NULL, other_id TEXT NOT NULL, PRIMARY KEY (deal_id, other_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX doubts_other ON doubts (other_id);
CREATE TABLE kin (
    one TEXT NOT NULL, other TEXT NOT NULL, kind TEXT NOT NULL, since TEXT, PRIMARY KEY (kind, one, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX kin_other ON kin (kind, other);
CREATE INDEX quotes_surname ON quotes (
    substr(speaker_fold, length(rtrim(speaker_fold, replace(speaker_fold, ' ', ''))) + 1), published_at
);
UPDATE revisions SET text = '' WHERE number = (SELECT revision FROM articles WHERE id = article_id)
"""

_NEW_ARTICLE = (
    "INSERT INTO articles_index (rowid, title, text)"
    " SELECT number, new.title, new.text FROM article_numbers WHERE article_id = new.id"
)
_OLD_ARTICLE = (
    "INSERT INTO articles_index (articles_index, rowid, title, text)"
    " SELECT 'delete', number, old.title, old.text FROM article_numbers WHERE article_id = old.id"
)
_SENTENCES = (
    "(SELECT coalesce(group_concat(sentence, char(10)), '')"
    " FROM (SELECT DISTINCT json_extract(value, '$[3]') AS sentence FROM json_each({})))"
)
# Full text, accents folded: the indexes keep words and places, the texts stay in their tables. Articles get a number,
# for their rowid may change under VACUUM. Claims are never deleted, and their evidence never changes: their index holds
# their sentences itself, since FTS5 reads no view that takes JSON apart.
_FTS = "tokenize = 'unicode61 remove_diacritics 2'"
_V4 = f"""
CREATE TABLE article_numbers (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE) STRICT;
INSERT INTO article_numbers (article_id) SELECT id FROM articles ORDER BY published_at, id;
CREATE VIEW article_texts AS
    SELECT number, title, text FROM article_numbers JOIN articles ON articles.id = article_id;
CREATE VIRTUAL TABLE articles_index USING fts5 (
    title, text, content = 'article_texts', content_rowid = 'number', {_FTS}
);
CREATE TRIGGER articles_added AFTER INSERT ON articles BEGIN
    INSERT INTO article_numbers (article_id) VALUES (new.id); {_NEW_ARTICLE}; END;
CREATE TRIGGER articles_changed AFTER UPDATE OF title, text ON articles BEGIN {_OLD_ARTICLE}; {_NEW_ARTICLE}; END;
CREATE TRIGGER articles_gone BEFORE DELETE ON articles BEGIN
    {_OLD_ARTICLE}; DELETE FROM article_numbers WHERE article_id = old.id; END;
CREATE VIRTUAL TABLE quotes_index USING fts5 (text, speaker, content = 'quotes', content_rowid = 'id', {_FTS});
CREATE TRIGGER quotes_added AFTER INSERT ON quotes BEGIN
    INSERT INTO quotes_index (rowid, text, speaker) VALUES (new.id, new.text, new.speaker); END;
CREATE TRIGGER quotes_gone AFTER DELETE ON quotes BEGIN
    INSERT INTO quotes_index (quotes_index, rowid, text, speaker)
    VALUES ('delete', old.id, old.text, old.speaker); END;
CREATE VIRTUAL TABLE claims_index USING fts5 (sentence, {_FTS});
CREATE TRIGGER claims_added AFTER INSERT ON claims BEGIN
    INSERT INTO claims_index (rowid, sentence) VALUES (new.id, {_SENTENCES.format('new.evidence')}); END;
INSERT INTO articles_index (articles_index) VALUES ('rebuild');
INSERT INTO quotes_index (quotes_index) VALUES ('rebuild');
INSERT INTO claims_index (rowid, sentence) SELECT id, {_SENTENCES.format('evidence')} FROM claims
"""

MIGRATIONS: tuple[str, ...] = (_V1, _V2, _V3, _V4)  # number n brings a store from version n to n + 1


def version(connection: sqlite3.Connection) -> int:
    """The schema version of a store, 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _statements(script: str) -> Iterator[str]:
    """The statements of a migration: a trigger holds several, and ends where SQLite says that it does."""
    statement = ""
    for line in f"{script.rstrip()};".splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def migrate(connection: sqlite3.Connection, to: int = VERSION) -> None:
    """Bring a store to a version, one transaction a migration; the connection must be in autocommit mode."""
    for number in range(version(connection), to):
        connection.execute("BEGIN IMMEDIATE")
        try:
            for statement in _statements(MIGRATIONS[number]):
                connection.execute(statement)
            connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            connection.execute(f"PRAGMA user_version = {number + 1}")
            connection.execute("COMMIT")
        except BaseException:
            connection.execute("ROLLBACK")
            raise
