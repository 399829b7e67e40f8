"""Wheel and archive of the sources carry all that pages need: installed away from the checkout, where there is no Node,
they serve pages with the light front end."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
from pathlib import Path
from urllib.request import urlopen

import pytest

from scripts.front_end import build_assets
from tests.served import READY, ROOT

pytestmark = pytest.mark.flow


UV = str(Path(sys.executable).with_name("uv"))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make dist` makes: the archive of the sources, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    build_assets()
    build = [UV, "build", "--quiet", "--offline", "--no-build-isolation", "--out-dir", str(folder)]
    subprocess.run([*build, "--python", sys.executable, str(ROOT)], check=True)
    return folder


def install(file: Path, folder: Path) -> Path:
    """A file in an environment of its own; everything else is of the environment that runs the tests. Its packages."""
    subprocess.run([UV, "venv", "--quiet", "--offline", "--python", sys.executable, str(folder)], check=True)
    (own,) = (folder / "lib").glob("python3*/site-packages")
    # Comes after ours on the path, so the checkout that it leads to isn't what is imported.
    (own / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    options = ["--quiet", "--offline", "--no-deps", "--no-build-isolation", "--python", str(folder / "bin" / "python")]
    without_node = {**os.environ, "PATH": str(folder)}
    subprocess.run([UV, "pip", "install", *options, str(file)], env=without_node, check=True)
    return own


@pytest.fixture(scope="module")
def from_wheel(made: Path) -> Path:
    (wheel,) = made.glob("*.whl")
    return install(wheel, made / "from-wheel")


@pytest.mark.detail
def test_the_archive_installs_without_node_what_the_wheel_does(made: Path, from_wheel: Path) -> None:
    (archive,) = made.glob("*.tar.gz")
    ours = [
        {line for line in record.read_text(encoding="utf-8").splitlines() if line.startswith("t4c_lib/")}
        for place in (from_wheel, install(archive, made / "from-archive"))
        for record in place.glob("talent_for_care_workbook-*/RECORD")
    ]
    assert ours[0] == ours[1]  # each line has a file and the digest of what is in it
    names = {line.partition(",")[0] for line in ours[0]}
    built = "t4c_lib/serving/built/voila/templates/t4c/static/"
    assert {"t4c_lib/py.typed", f"{built}light.js", f"{built}vegachart.js"} <= names


def test_a_page_is_served_from_what_was_installed_with_the_light_front_end(
    from_wheel: Path, store_file: Path, tmp_path: Path
) -> None:
    installed = from_wheel.parents[2] / "bin" / "python"
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PATH": str(tmp_path), "JUPYTER_PREFER_ENV_PATH": "1"}
    environment.pop("PYTHONPATH", None)
    command = [str(installed), "-m", "t4c_lib", "serve", "--port", "0"]
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = next(found[1] for line in server.stdout if (found := READY.fullmatch(line.strip())))
        with urlopen(f"{address}forum") as answer:
            page = answer.read().decode()
    finally:
        server.terminate()
        server.wait()
    assert "/static/light.js?v=" in page
    assert "could not be made" not in page
    assert "Brackmere Hospitals" in page
    where = [str(installed), "-c", "import t4c_lib; print(t4c_lib.__file__)"]
    assert str(ROOT / "t4c_lib") not in subprocess.check_output(where, cwd=tmp_path, text=True)
