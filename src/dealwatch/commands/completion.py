"""``dealwatch completion SHELL``: the script by which a shell completes dealwatch's lines."""

from __future__ import annotations

from importlib import resources
from typing import Annotated

import typer

from dealwatch.commands.filters import choose
from dealwatch.commands.session import Session

EXAMPLE = "dealwatch completion bash >> ~/.bashrc"
OPTIONS = ()
SHELLS = ("bash", "zsh", "fish")


def run(
    ctx: typer.Context, shell: Annotated[str, typer.Argument(metavar="SHELL", help="bash, zsh or fish.")]
) -> int:
    """Print the script that completes commands, options, companies, speakers, sources and deals.

    bash: eval "$(dealwatch completion bash)" in ~/.bashrc. zsh: dealwatch completion zsh > a file _dealwatch on your
    fpath. fish: dealwatch completion fish > ~/.config/fish/completions/dealwatch.fish.
    """
    session: Session = ctx.find_root().obj
    name = choose(shell, SHELLS, "shell")
    script = resources.files("dealwatch") / "data" / f"completion.{name}"
    session.write([script.read_text(encoding="utf-8")])
    return 0
