"""An engine for papermill that runs a notebook in a forked copy of this process: what is imported here is there.

A kernel takes seconds to start and to import what a report needs, a copy milliseconds, and what a notebook changes ends
with it. Through papermill: `--engine t4c`. It is for notebooks in Python without widgets.
"""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from multiprocessing import get_context
from typing import Any

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from papermill.engines import Engine
from traitlets.config import Config

Output = dict[str, Any]
new_output: Callable[..., Output] = nbformat.v4.new_output


class _Stream(io.TextIOBase):
    """What is written to standard output or error, in order with everything else that a cell shows."""

    def __init__(self, name: str, outputs: list[Output]) -> None:
        self._name, self._outputs = name, outputs

    def write(self, text: str) -> int:
        last = self._outputs[-1] if self._outputs else {}
        if last.get("output_type") == "stream" and last["name"] == self._name:
            last["text"] += text
        elif text:
            self._outputs.append(new_output("stream", name=self._name, text=text))
        return len(text)


class _Results(DisplayHook):
    """The value that a cell ends with."""

    outputs: list[Output]

    def _print_nothing(self) -> None:
        """A notebook has no prompts."""

    start_displayhook = write_output_prompt = finish_displayhook = _print_nothing

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        made = {"data": format_dict, "metadata": md_dict or {}, "execution_count": self.prompt_count}
        self.outputs.append(new_output("execute_result", **made))


class _Displays(DisplayPublisher):
    """What `display` shows; by its id it can be shown anew."""

    outputs: list[Output]
    shown: dict[str, list[Output]]

    def publish(
        self, data: Any, metadata: Any = None, *_: Any, transient: Any = None, update: bool = False, **__: Any
    ) -> None:
        """Keep it, or put it in the place of what has its id."""
        made = new_output("display_data", data=data, metadata=metadata or {})
        name = str((transient or {}).get("display_id", ""))
        if update:
            for one in self.shown.get(name, []):
                one.update(data=made["data"], metadata=made["metadata"])
            return
        self.outputs.append(made)
        if name:
            self.shown.setdefault(name, []).append(made)

    def clear_output(self, wait: bool = False) -> None:  # noqa: ARG002  (what comes next follows at once)
        self.outputs.clear()


class NotebookShell:
    """Runs cells of a notebook one after another in this process; `names` are what the cells have defined."""

    def __init__(self) -> None:
        InteractiveShell.clear_instance()
        kinds = {"displayhook_class": _Results, "display_pub_class": _Displays}
        shell: Any = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}), **kinds)
        self._shell, shell.display_pub.shown = shell, {}
        shell.showtraceback = self._failed
        shell.showsyntaxerror = self._failed
        shell.enable_gui = lambda _gui=None: None
        self.names: dict[str, Any] = shell.user_ns

    def run(self, source: str) -> tuple[list[Output], int]:
        """What a cell shows, and its number; an error is the last of its outputs."""
        outputs: list[Output] = []
        self._shell.displayhook.outputs = self._shell.display_pub.outputs = self._outputs = outputs
        number = self._shell.execution_count
        with redirect_stdout(_Stream("stdout", outputs)), redirect_stderr(_Stream("stderr", outputs)):
            self._shell.run_cell(source, store_history=True)
        return outputs, number

    def _failed(self, *_: Any, **__: Any) -> None:
        kind, error, trace = sys.exc_info()
        lines = self._shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=1)
        name = "" if kind is None else kind.__name__
        self._outputs.append(new_output("error", ename=name, evalue=str(error), traceback=lines))


class ForkEngine(Engine):  # type: ignore[misc]
    """The engine. `execution_timeout` are the seconds that a cell may take; `shell` runs the cells here, unforked."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,  # noqa: ARG003  (papermill gives it to every engine)
        execution_timeout: float | None = None,
        shell: NotebookShell | None = None,
        **_: Any,
    ) -> None:
        """Run the cells until one fails."""
        with nullcontext(shell.run) if shell is not None else _copy_of_this_process(execution_timeout) as run_cell:
            for index, cell in enumerate(nb_man.nb.cells):
                if cell.cell_type != "code" or not cell.source.strip():
                    continue
                nb_man.cell_start(cell, index)
                cell.outputs, cell.execution_count = run_cell(cell.source)
                failed = any(one["output_type"] == "error" for one in cell.outputs)
                if failed:
                    nb_man.cell_exception(cell, cell_index=index)
                nb_man.cell_complete(cell, cell_index=index)
                if failed:
                    break


Run = Callable[[str], tuple[list[Output], int]]


@contextmanager
def _copy_of_this_process(timeout: float | None) -> Iterator[Run]:
    """What runs a cell in a forked copy. One that takes too long, or dies, ends in an error of the cell."""
    forking = get_context("fork")
    here, there = forking.Pipe()
    copy = forking.Process(target=_answer, args=(there, here), daemon=False)
    copy.start()
    there.close()

    def run(source: str) -> tuple[list[Output], int]:
        try:
            here.send(source)
            if not here.poll(timeout):
                return [_error("CellTimeoutError", f"The cell took longer than {timeout:g} seconds.")], 0
            outputs, number = here.recv()
        except (EOFError, OSError):
            copy.join()
            return [_error("DeadKernelError", f"The notebook's process ended (code {copy.exitcode}).")], 0
        return list(map(nbformat.from_dict, outputs)), number

    try:
        yield run
    finally:
        here.close()
        copy.kill()
        copy.join()


def _error(name: str, words: str) -> Output:
    return new_output("error", ename=name, evalue=words, traceback=[words])


def _answer(line: Any, other_end: Any) -> None:
    """In the copy: run what is asked for until nobody asks any more."""
    other_end.close()
    shell = NotebookShell()
    while True:
        try:
            source = line.recv()
        except EOFError:
            os._exit(0)
        outputs, number = shell.run(source)
        line.send(([dict(one) for one in outputs], number))
