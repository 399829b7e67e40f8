"""Kernels forked from the warm parent behave as Jupyter's do, and plain ones stand in where they can't be had."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import psutil  # type: ignore[import-untyped]
import pytest
from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning.factory import KernelProvisionerFactory

from t4c_lib.serving.kernels import PROVISIONER, PromptClient, WarmParent, WarmProvisioner
from tests.event_loops import run_apart
from tests.served import PATIENCE, Served, is_kernel, write_page

pytestmark = [pytest.mark.flow, pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")]


@pytest.fixture(scope="module", autouse=True)
def provisioner() -> Iterator[None]:
    factory = KernelProvisionerFactory.instance()
    factory.default_provisioner_name = PROVISIONER
    yield
    WarmParent.end()
    KernelProvisionerFactory.clear_instance()


@asynccontextmanager
async def running(**options: Any) -> AsyncIterator[tuple[AsyncKernelManager, AsyncKernelClient]]:
    manager = AsyncKernelManager(client_factory=PromptClient)
    await manager.start_kernel(**options)
    client = manager.client()
    client.start_channels()
    try:
        await client.wait_for_ready(timeout=PATIENCE)
        yield manager, client
    finally:
        client.stop_channels()
        await manager.shutdown_kernel(now=True)


async def result_of(client: AsyncKernelClient, code: str) -> str:
    said: list[str] = []

    def hear(message: dict[str, Any]) -> None:
        content = message["content"]
        said.append(content.get("text") or content.get("ename") or "")

    await client.execute_interactive(code, timeout=PATIENCE, output_hook=hear)
    return "".join(said).strip()


def in_a_kernel(test: Callable[[AsyncKernelManager, AsyncKernelClient], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        async with running() as (manager, client):
            await test(manager, client)

    run_apart(run())


def pid_of(manager: AsyncKernelManager) -> int:
    assert isinstance(manager.provisioner, WarmProvisioner)
    assert manager.provisioner.pid is not None
    return manager.provisioner.pid


def test_jupyter_finds_the_provisioner_under_its_name() -> None:
    assert KernelProvisionerFactory.instance().provisioners[PROVISIONER].load() is WarmProvisioner


def test_a_kernel_is_a_fork_of_the_warm_parent_and_runs_code() -> None:
    async def test(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        assert await result_of(client, "import os; print(os.getpid())") == str(pid_of(manager))
        parent = WarmParent.instance().process.pid
        assert psutil.Process(pid_of(manager)).ppid() == parent
        assert await result_of(client, "import sys; print('t4c_lib.panels' in sys.modules)") == "True"

    in_a_kernel(test)


def test_its_channels_are_no_ports_that_others_could_reach() -> None:
    async def test(manager: AsyncKernelManager, _client: AsyncKernelClient) -> None:
        assert manager.transport == "ipc"
        folder = WarmParent.instance().folder
        assert Path(manager.ip).parent == folder
        assert folder.stat().st_mode & 0o077 == 0

    in_a_kernel(test)


def test_two_kernels_share_nothing_and_draw_different_random_numbers() -> None:
    code = "import builtins, numpy; print(hasattr(builtins, 'left'), numpy.random.random()); builtins.left = 1"

    async def run() -> None:
        async with running() as (_, first), running() as (_, second):
            one, other = await result_of(first, code), await result_of(second, code)
            assert one.startswith("False")
            assert other.startswith("False")
            assert one != other

    run_apart(run())


def test_widgets_work_though_they_were_imported_before_there_was_a_shell() -> None:
    async def test(_manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        code = "from comm import get_comm_manager; print('jupyter.widget' in get_comm_manager().targets)"
        assert await result_of(client, code) == "True"

    in_a_kernel(test)


def test_a_restart_gives_a_new_process_on_the_same_channels() -> None:
    async def test(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        before, ports = pid_of(manager), dict(manager.get_connection_info())
        await result_of(client, "kept = 1")
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=PATIENCE)
        assert pid_of(manager) != before
        assert dict(manager.get_connection_info()) == ports
        assert await result_of(client, "print(kept)") == "NameError"

    in_a_kernel(test)


def test_an_interrupt_ends_a_cell_and_not_the_kernel() -> None:
    async def test(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        endless = asyncio.ensure_future(result_of(client, "print('going', flush=True)\nwhile True: pass"))
        await _until_busy(pid_of(manager))
        await manager.interrupt_kernel()
        assert "KeyboardInterrupt" in await endless
        assert await result_of(client, "print('here')") == "here"

    in_a_kernel(test)


async def _until_busy(pid: int) -> None:
    """Until the process has used a processor for a while, which nothing but the endless cell makes it do."""
    process = psutil.Process(pid)
    start = process.cpu_times().user
    while process.cpu_times().user - start < 0.3:
        await asyncio.sleep(0.02)


def test_a_kernel_that_was_killed_is_known_to_be_dead() -> None:
    async def test(manager: AsyncKernelManager, _client: AsyncKernelClient) -> None:
        assert await manager.is_alive()
        os.kill(pid_of(manager), signal.SIGKILL)
        assert manager.provisioner is not None
        await asyncio.wait_for(manager.provisioner.wait(), PATIENCE)
        assert not await manager.is_alive()

    in_a_kernel(test)


@pytest.mark.detail
def test_kernels_outlive_a_crash_of_the_warm_parent_and_the_next_one_has_a_new_parent() -> None:
    async def run() -> None:
        async with running() as (first, client):
            old = WarmParent.instance().process
            old.kill()
            old.wait()
            assert await first.is_alive()
            assert await result_of(client, "print('still here')") == "still here"
            async with running() as (second, other):
                assert WarmParent.instance().process.pid != old.pid
                assert psutil.Process(pid_of(second)).ppid() == WarmParent.instance().process.pid
                assert await result_of(other, "print(2)") == "2"

    run_apart(run())


@pytest.mark.parametrize("code", ["", "while True: pass", "import threading; threading.Thread(target=input).start()"])
def test_a_kernel_ends_when_the_server_lets_go_of_it_whatever_it_is_doing(code: str) -> None:
    async def test(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        provisioner = manager.provisioner
        assert isinstance(provisioner, WarmProvisioner)
        assert provisioner.process is not None
        process = psutil.Process(pid_of(manager))
        client.execute(code)
        provisioner.process.stdin.shutdown(socket.SHUT_RDWR)  # what the system does for a server that was killed
        assert psutil.wait_procs([process], timeout=PATIENCE)[1] == []

    in_a_kernel(test)


def test_a_server_that_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    write_page(tmp_path / "busy.ipynb", "Busy", "# Busy", "import threading; threading.Thread(target=input).start()")
    server = Served(tmp_path)
    parent = server.warm_parent()
    with urlopen(f"{server.address}busy") as answer:
        answer.read()
    left = [parent, *parent.children()]
    assert any(is_kernel(one) for one in left)
    server.process.kill()
    server.process.wait()
    assert psutil.wait_procs(left, timeout=PATIENCE)[1] == []


@pytest.mark.detail
def test_a_kernel_whose_folder_goes_while_it_gets_ready_ends_at_once_and_says_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "gone" / "1"
    code = (
        "import shutil, socket; from pathlib import Path; from ipykernel.kernelapp import IPKernelApp\n"
        "from t4c_lib.serving.forkserver import wait_as_spare\n"
        f"place = Path({str(place)!r}); place.parent.mkdir(); open_iopub = IPKernelApp.init_iopub\n"
        "def folder_goes(app, context): shutil.rmtree(place.parent); open_iopub(app, context)\n"
        "IPKernelApp.init_iopub = folder_goes; wait_as_spare(socket.socketpair()[0], place, '')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=PATIENCE).returncode == 1
    assert capfd.readouterr().err == ""


@pytest.mark.detail
def test_a_kernel_is_kept_ready_for_the_organisation_that_was_last_asked_for(
    store_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What its pages are made of is in the kernel before anybody asks."""
    monkeypatch.setenv("T4C_DATABASE_URL", f"sqlite:///{store_file}")
    WarmParent.end()
    kept = "from t4c_lib.panels.between_pages import _made\n"
    asked = f"{kept}print(sorted((name, state[0]) for name, (state, _) in _made.items()))"
    environment = {**os.environ, "QUERY_STRING": "organisation=DEMO-MH"}

    async def made() -> str:
        async with running(env=environment) as (_, client):
            return await result_of(client, asked)

    def has_spare() -> bool:
        parent = psutil.Process(WarmParent.instance().process.pid)
        return any(one.name() == "t4c-spare" for one in parent.children())

    try:
        run_apart(made())  # the first is made ready before anything is known
        until = time.monotonic() + PATIENCE
        while not has_spare():
            assert time.monotonic() < until
        assert run_apart(made()) == "[('home', 'DEMO-MH')]"
    finally:
        WarmParent.end()


def test_plain_kernels_take_their_place_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("T4C_KERNELS", "plain")

    async def test(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        assert "ipykernel_launcher" in psutil.Process(pid_of(manager)).cmdline()
        assert await result_of(client, "print(1)") == "1"
        await manager.restart_kernel(now=True)
        await client.wait_for_ready(timeout=PATIENCE)
        assert await result_of(client, "print(2)") == "2"

    in_a_kernel(test)


@pytest.mark.detail
def test_a_plain_kernel_takes_the_place_of_one_the_parent_could_not_give(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("t4c_lib.serving.kernels.PATIENCE", 0)

    async def test(manager: AsyncKernelManager, client: AsyncKernelClient) -> None:
        assert "ipykernel_launcher" in psutil.Process(pid_of(manager)).cmdline()
        assert await result_of(client, "print(1)") == "1"

    in_a_kernel(test)
