"""A wheel carries all that pages need: installed away from the checkout, it serves them with the light front end."""

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


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment in which this project is a wheel; everything else is the one that runs the tests."""
    folder = tmp_path_factory.mktemp("wheel")
    build_assets()
    uv = str(Path(sys.executable).with_name("uv"))
    made, venv = str(folder), str(folder / "venv")
    build = [uv, "build", "--quiet", "--offline", "--wheel", "--no-build-isolation", "--out-dir", made]
    subprocess.run([*build, "--python", sys.executable, str(ROOT)], check=True)
    subprocess.run([uv, "venv", "--quiet", "--offline", "--python", sys.executable, venv], check=True)
    python = folder / "venv" / "bin" / "python"
    (wheel,) = folder.glob("*.whl")
    install = [uv, "pip", "install", "--quiet", "--offline", "--no-deps", "--python", str(python)]
    subprocess.run([*install, str(wheel)], check=True)
    (own,) = (folder / "venv" / "lib").glob("python3*/site-packages")
    # Comes after the wheel on the path, so the checkout that it leads to isn't what is imported.
    (own / "others.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")
    return python


def test_a_page_is_served_from_an_installed_wheel_with_the_light_front_end(
    installed: Path, store_file: Path, tmp_path: Path
) -> None:
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
