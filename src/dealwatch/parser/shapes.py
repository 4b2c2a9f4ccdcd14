"""The words of clauses whose verb stands second or last, by ``[quotes]`` of the pack."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from dealwatch.lang import Pack
from dealwatch.parser.phrases import GAP, alternatives

COMPOUND = r"(?:[^\W\d_][\w-]{0,30}?)?"  # what may stand before a noun in one word with it


@dataclass(frozen=True, slots=True, eq=False)
class Shapes:
    """What a pack says about clauses whose verb stands second or last, compiled."""

    active: re.Pattern[str]
    passive: re.Pattern[str]
    behind: re.Pattern[str]  # an auxiliary right behind the participle: the clause is a subordinate one
    agent: re.Pattern[str]  # a preposition before whoever did what a passive verb tells
    agents: frozenset[str]  # the same where the phrase begins with it: "vom Verband"
    opener: re.Pattern[str]  # what opens a subordinate clause
    participles: frozenset[str]
    pronouns: re.Pattern[str]  # an agent that is no noun: "von ihm", "von vielen"
    pronoun_marks: dict[str, str]
    own: re.Pattern[str]
    hence: re.Pattern[str]  # opens a sentence that retells the one before: "Demnach"
    views: re.Pattern[str]
    view_marks: dict[str, str]
    citing: frozenset[str]  # verbs whose object speaks: "zitiert einen Zeugen"
    comparing: frozenset[str]  # what lets the subject stand before its verb behind a quote: "wie Meier sagte"
    speaking: tuple[str, ...]  # endings of nouns whose bearers speak: "regierung", "sprecher"
    nominative: frozenset[str]  # articles that behind a verb open its subject: "wies der Kämmerer"
    definite: frozenset[str]
    aims: frozenset[str]  # before a noun that is no source: "heißt es zur Begründung"
    therein: re.Pattern[str]  # opens a sentence on what a paper says: "Darin heißt es"
    paper: re.Pattern[str]  # a paper with its determiner
    remark: re.Pattern[str]  # a noun for what somebody says, with a possessive before it or a genitive behind
    remark_marks: dict[str, str]
    thereby: re.Pattern[str]  # opens a sentence that says whose the words before are: "Das sagte"
    whereby: re.Pattern[str]  # opens a clause that says what somebody's remark is: "wonach"
    view_openers: frozenset[str]  # first words of that, of "in her view" and of "by its own account"


@lru_cache(maxsize=16)
def shapes_of(pack: Pack) -> Shapes:
    """The compiled shapes of a pack."""

    def words(key: str) -> str:
        return alternatives(pack.words("quotes", key))

    def listed(key: str) -> frozenset[str]:
        return frozenset(pack.words("quotes", key))

    determiners = (*pack.words("quotes", "subject_determiners"), *pack.words("quotes", "oblique_determiners"))
    views = {word: str(marks) for word, marks in dict(pack.section("quotes").get("views", {})).items()}
    agents = {word: str(marks) for word, marks in dict(pack.section("quotes").get("agent_pronouns", {})).items()}
    owners = {word: str(marks) for word, marks in dict(pack.section("quotes").get("remark_owners", {})).items()}
    either = alternatives((*pack.words("quotes", "active"), *pack.words("quotes", "passive")))
    opens = rf"(?:,{GAP}|^)(?:[^\W\d_]{{2,8}}{GAP})?"  # ", durch die", ", weil"
    return Shapes(
        re.compile(rf"(?<![\w-]){words('active')}(?![\w-])"),
        re.compile(rf"(?<![\w-]){words('passive')}(?![\w-])"),
        re.compile(rf"{GAP}{either}(?![\w-])"),
        re.compile(rf"(?<!\w)(?i:{words('agents')})(?:{GAP}(?:{words('definite')}|{words('oblique_determiners')}))?"
                   rf"(?:{GAP}[^\W\d_A-Z][\w-]{{1,24}}){{0,2}}{GAP}\Z"),
        frozenset(pack.words("quotes", "agents")),
        re.compile(rf"{opens}(?i:{words('relatives')}|{words('subordinators')})(?!\w)", re.MULTILINE),
        frozenset(pack.words("quotes", "closing")),
        re.compile(rf"(?<!\w)(?i:{words('agents')}){GAP}({alternatives(agents)})(?!\w)"),
        agents,
        re.compile(rf"(?<!\w)(?i:{words('own')})(?!\w)"),
        re.compile(rf"(?:{words('hence')})(?!\w)"),
        re.compile(rf"(?<!\w)(?i:{alternatives(views)})(?!\w)"),
        views,
        listed("citing"),
        listed("comparing"),
        tuple(pack.words("quotes", "speaking")),
        listed("nominative"),
        listed("definite"),
        listed("aims"),
        re.compile(rf"(?i:{words('therein')})(?!\w)"),
        re.compile(rf"(?<!\w)(?:(?i:{alternatives(determiners)}){GAP}(?:[^\W\d_A-Z][\w-]{{1,24}}{GAP}){{0,2}})?"
                   rf"{COMPOUND}(?i:{words('documents')})(?!\w)"),
        re.compile(rf"(?:(?<!\w)(?P<owner>(?i:{alternatives(owners)})){GAP}(?:[^\W\d_A-Z][\w-]{{1,24}}{GAP}){{0,2}})?"
                   rf"(?<!\w){COMPOUND}(?i:{words('remarks')})(?!\w)"),
        owners,
        re.compile(rf"{words('thereby')}{GAP}"),
        re.compile(rf"(?<!\w){words('whereby')}(?!\w)"),
        frozenset(phrase.split()[0].lower() for phrase in (*views, *listed("own"), *listed("whereby"))),
    )  # fmt: skip
