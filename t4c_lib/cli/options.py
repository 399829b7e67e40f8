"""What the arguments and options of commands are for: options.yaml says it, and code has their types and defaults."""

from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import RootModel
from typer.core import TyperArgument, TyperCommand, TyperOption

from t4c_lib.errors import InputError, RefusedInputsError
from t4c_lib.plan import Side
from t4c_lib.validation_messages import read_shipped

# Options that have to be given; without this a parameter without a default is an argument.
GivenText = Annotated[str, typer.Option()]
GivenTexts = Annotated[list[str], typer.Option()]
GivenSide = Annotated[Side, typer.Option()]
GivenFile = Annotated[Path, typer.Option()]

EVERY = "every command"  # the texts that hold where a command has none of its own
SAVES = {"by", "side"}  # who saves, or for whom: only commands that save something ask for it, beside those named here
ALSO_SAVE = {"evidence.add", "evidence.local", "main.restore", "demo.load", "demo.remove"}


@cache
def option_texts() -> dict[str, dict[str, str]]:
    """What each argument and option is for, by the command's function ("agreement.show"), or for every command."""
    return read_shipped(RootModel[dict[str, dict[str, str]]], __package__, "options.yaml").root


class Explained(TyperCommand):
    """A command with the texts of options.yaml. A flag has no opposite (--no-yes) unless its declaration names one."""

    def __init__(self, *said: Any, **how: Any) -> None:
        super().__init__(*said, **how)
        function = self.callback
        room = function.__module__.rpartition(".")[2] if function else ""
        name = f"{room}.{function.__name__}" if function else ""
        self.saves = name in ALSO_SAVE or any(one.name in SAVES for one in self.params)
        texts = option_texts()[EVERY] | option_texts().get(name, {})
        for one in self.params:
            if isinstance(one, TyperArgument | TyperOption) and one.name:
                one.help = texts[one.name]
                made_by_itself = f"--no-{one.name.replace('_', '-')}"
                one.secondary_opts = [opt for opt in one.secondary_opts if opt != made_by_itself]

    def invoke(self, ctx: Any) -> Any:
        """As typer does it; of a command that saves nothing no refusal says that nothing was saved."""
        try:
            return super().invoke(ctx)
        except (InputError, RefusedInputsError) as refused:
            each = refused.errors if isinstance(refused, RefusedInputsError) else (refused,)
            for one in () if self.saves else each:
                one.outcome = one.outcome.replace(InputError.outcome, "")
            raise
