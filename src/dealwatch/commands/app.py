"""The program as a tree of commands, of which only the one that runs is imported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from importlib import import_module
from keyword import iskeyword
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple, cast

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException
from typer.main import get_command

from dealwatch.commands.options import GLOBAL, make_options
from dealwatch.commands.session import Session

_ABOUT = ("-h", "--help", "--version")
_FAR = 4  # letters by which a name meant may be longer or shorter
_MOST = 5000  # names that are compared: 50 ms of difflib

if TYPE_CHECKING:  # typer's own copy of click, which it hands to us and names nowhere in public
    from typer._click import Command, Context, HelpFormatter

ABOUT = (
    "Reads the news and knows who put how much into which AI company, who said what about it, and how each deal changed"
    " over time."
)


class Node(NamedTuple):  # a tenth of what a frozen dataclass costs at every start
    """A command or a group of them: its line in the help, which is the first of its function's docstring."""

    help: str
    children: Mapping[str, Node] = {}
    usual: str = ""  # the child that runs where none is named


COMMANDS: Mapping[str, Node] = {
    "demo": Node("Fetch a bundled sample site on this machine and show what comes out of it."),
    "init": Node("Write a commented configuration with sources in English and French."),
    "fetch": Node("Fetch the sources that are due and store what is new."),
    "import": Node("Store articles from files, through the same line as fetch."),
    "extract": Node("Show what the parser sees in a document."),
    "deals": Node("List deals, newest first."),
    "deal": Node("Show one deal: its facts with their sentences, its history, the quotes."),
    "diff": Node("Show what changed between two times."),
    "quotes": Node("List quotes with their speakers, newest first."),
    "articles": Node("List articles, newest first."),
    "article": Node("Show one article: where it stood, when, and its text."),
    "companies": Node(
        "The companies: who is met how often, and all that is known of one.",
        {
            "list": Node("List companies with their deals, articles and quotes, those of most deals first."),
            "show": Node("Show one company: its rounds in order, its investors, what it bought, what its people said."),
        },
        usual="list",
    ),
    "search": Node("Search deals, quotes and articles, the best first."),
    "export": Node("Write deals (or parties, quotes, articles, claims, changes) to a file."),
    "sources": Node(
        "The sources: how they fare, and what one would bring.",
        {
            "list": Node("List the configured sources with their health."),
            "add": Node("Add a source by the address of its feed, sitemap, site or folder."),
            "test": Node("Read a source as a fetch would, and store nothing."),
            "enable": Node("Let sources be fetched again."),
            "disable": Node("Put sources to rest; what they brought stays."),
            "remove": Node("Take sources out of the configuration; what they brought stays."),
            "import": Node("Add the feeds of an OPML file."),
            "export": Node("Write the sources to an OPML file."),
        },
        usual="list",
    ),
    "merge": Node("Make deals one that the stories leave apart."),
    "split": Node("Part a deal: some of its articles tell another one."),
    "reject": Node("Take out a deal that is none."),
    "alias": Node("Make two names one company for the deals."),
    "judgements": Node(
        "The judgements that people made.",
        {
            "list": Node("List the judgements, newest first."),
            "undo": Node("Take a judgement back."),
        },
        usual="list",
    ),
    "reparse": Node("Read all stored text again with today's parser."),
    "doctor": Node("Check configuration, store, register, sources, SQLite, clock and proxies."),
    "backup": Node("Write a consistent copy of the store while runs go on."),
    "prune": Node("Forget articles older than that which told no deal."),
    "completion": Node("Print the script that completes commands, options, companies, speakers, sources and deals."),
}


def _show_version(ctx: typer.Context, _: object, value: bool) -> None:
    if value:
        from dealwatch.commands.versions import version_lines

        session: Session = ctx.find_root().obj
        session.write(version_lines())
        raise typer.Exit


def _version_option(*, hidden: bool) -> TyperOption:
    return TyperOption(
        param_decls=["--version"], is_flag=True, is_eager=True, expose_value=False, default=False, hidden=hidden,
        callback=_show_version, help="Show the versions that a bug report needs.",
    )  # fmt: skip


class _Command(TyperCommand):
    """A command that begins the log once its options are read."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """As typer does, but an error about an option knows whose help to point to."""
        try:
            return super().parse_args(ctx, args)
        except TyperException as error:
            if getattr(error, "ctx", ctx) is None:
                error.ctx = ctx  # type: ignore[attr-defined]
            raise

    def collect_usage_pieces(self, ctx: Context) -> list[str]:
        """What the usage line names, an argument without the braces that typer puts round one that must be there."""
        return [piece.removeprefix("{").removesuffix("}") for piece in super().collect_usage_pieces(ctx)]

    def invoke(self, ctx: Context) -> object:
        """What the command's function returns: its exit code."""
        session: Session = ctx.find_root().obj
        session.start_log()
        return super().invoke(ctx)


def _build(path: str, module: ModuleType) -> Command:
    """The command of a module: its `run`, the shared options it names, and the global ones, which its help omits."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.command(path.rpartition(" ")[2], cls=_Command, epilog=f"Example: {module.EXAMPLE}")(module.run)
    command = get_command(app)
    command.params += make_options(module.OPTIONS)
    command.params += [*make_options(GLOBAL, hidden=True), _version_option(hidden=True)]
    return command


class Commands(TyperGroup):
    """A group whose commands are modules, imported when they are called and not before."""

    def __init__(
        self, path: str, nodes: Mapping[str, Node], about: str, params: Sequence[TyperOption], usual: str = ""
    ) -> None:
        # A fixed width: the help reads the same everywhere, and the README's copies of it can be compared.
        settings = {"help_option_names": ["-h", "--help"], "terminal_width": 80, "max_content_width": 80}
        super().__init__(
            name=path or "dealwatch", rich_markup_mode=None, help=about, params=list(params),
            context_settings=settings, subcommand_metavar="COMMAND ...",
        )  # fmt: skip
        self._path, self.nodes, self._usual = path, nodes, usual

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """As typer does; "companies --kind ai" is "companies list --kind ai"."""
        named = args and (not args[0].startswith("-") or any(arg in self.nodes or arg in _ABOUT for arg in args))
        if self._usual and not named:
            args = [self._usual, *args]
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: Context) -> list[str]:
        """The names, in the order of the table."""
        return list(self.nodes)

    def get_command(self, ctx: Context | None, cmd_name: str) -> Command | None:
        """The command of that name, built; None where there is none."""
        node = self.nodes.get(cmd_name)
        if node is None:
            return None
        path = f"{self._path} {cmd_name}".strip()
        if node.children:
            return make_group(path, node.children, node.help, hidden=True, usual=node.usual)
        module = path.replace(" ", "_")
        return _build(path, import_module(f"dealwatch.commands.{module}{'_' if iskeyword(module) else ''}"))

    def format_commands(self, ctx: Context, formatter: HelpFormatter) -> None:
        """The list of commands in the help, from the table: nothing is imported for it."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, node.help) for name, node in self.nodes.items()])

    def resolve_command(self, ctx: Context, args: list[str]) -> tuple[str | None, Command | None, list[str]]:
        """As typer does, with the names of the table for "did you mean"; "help deals" is "deals --help"."""
        if args[0] == "help":
            args = [*args[1:], "--help"]
            if len(args) == 1:
                ctx.find_root().obj.write([ctx.get_help(), "\n"])
                raise typer.Exit
        self.commands = cast("dict[str, Command]", dict.fromkeys(self.nodes))  # what it compares a wrong name with
        return super().resolve_command(ctx, args)


def make_group(path: str, nodes: Mapping[str, Node], about: str, *, hidden: bool, usual: str = "") -> Commands:
    """A group of commands; `hidden` keeps the global options out of its help."""
    params = [*make_options(GLOBAL, hidden=hidden), _version_option(hidden=hidden)]
    alone = f"\n\nWithout a command: {usual}, and its options." if usual else ""
    return Commands(path, nodes, about + alone, params, usual)


def run(argv: Sequence[str], session: Session) -> int:
    """Run one command line; its exit code. Errors come out as exceptions."""
    app = make_group("", COMMANDS, ABOUT, hidden=False)
    result = app.main(list(argv) or ["--help"], prog_name="dealwatch", standalone_mode=False, obj=session)
    return result if isinstance(result, int) else 0


def suggest(word: str, known: Sequence[str]) -> str:
    """The nearest of some words as "did you mean X?", "" where none is near."""
    word = word[:100]
    likely = [name for name in known if abs(len(name) - len(word)) <= _FAR][:_MOST]
    near = get_close_matches(word, likely, 1, 0.7)
    return f"did you mean {near[0]}?" if near else ""
