"""Runs the workbook for a whole organisation: a proxy with TLS, JupyterHub, and the pages as its service.

    .venv/bin/python deploy/run.py /srv/t4c                     all of it, until it is ended (systemd/t4c.service)
    .venv/bin/python deploy/run.py /srv/t4c people show         a command (t4c people show) on its store

The folder holds deploy.env (copy deploy.env.example) and, for https, tls.key and tls.crt. What is missing is said
before anything starts.
"""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
NEEDED = ("T4C_DATABASE_URL", "T4C_TOKEN")
FOR_COMMANDS = ("T4C_DATABASE_URL", "PGPASSWORD", "T4C_OWN_PARAMETERS")
SHORTEST_TOKEN = 12
LOCK, PROXY = "package-lock.json", "configurable-http-proxy"


def settings_of(folder: Path) -> dict[str, str]:
    """The lines of deploy.env: names and values. Raises OSError: it can't be read."""
    lines = (folder / "deploy.env").read_text(encoding="utf-8").splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def problems_of(folder: Path) -> list[str]:
    """What keeps the workbook from being run, each in a sentence with what to do."""
    file = folder / "deploy.env"
    try:
        settings = settings_of(folder)
    except OSError as error:
        return [f"{file} can't be read: {error.strerror}. Copy {HERE / 'deploy.env.example'} there and fill it in."]
    found = [f"{file}: {name} is empty." for name in NEEDED if not settings.get(name)]
    if 0 < len(settings.get("T4C_TOKEN", "")) < SHORTEST_TOKEN:
        found.append(f"{file}: T4C_TOKEN has fewer than {SHORTEST_TOKEN} characters. Make one: openssl rand -hex 32")
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        found.append(f"{file} holds a password and can be read by others. Close it: chmod 600 {file}")
    if (folder / "tls.key").is_file() != (folder / "tls.crt").is_file():
        found.append(f"{folder} has one of tls.key and tls.crt; https needs both.")
    if settings.get("T4C_HOST", "127.0.0.1") not in {"127.0.0.1", "localhost"} and not (folder / "tls.key").is_file():
        found.append(
            f"Others can reach {settings['T4C_HOST']}, so it needs https: put tls.key and tls.crt into {folder}."
        )
    if shutil.which(settings.get("T4C_NODE", "node")) is None:
        found.append("Node is needed for the proxy and was not found. Install nodejs, or say where it is: T4C_NODE.")
    return found


def install_proxy(folder: Path) -> None:
    """The proxy of package-lock.json into the folder, unless it is there. Raises CalledProcessError: npm failed."""
    place = folder / "proxy"
    lock = HERE / LOCK
    if (place / "node_modules" / PROXY).is_dir() and (place / LOCK).read_bytes() == lock.read_bytes():
        return
    place.mkdir(exist_ok=True)
    for name in ("package.json", LOCK):
        shutil.copy(HERE / name, place / name)
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(command, cwd=place, check=True)


def main(arguments: list[str]) -> int:
    """Run the command; 1 where something is missing, else what was asked for takes its place."""
    if not arguments:
        sys.stderr.write("Name the folder: run.py /srv/t4c\n")
        return 2
    folder, command = Path(arguments[0]).resolve(), arguments[1:]
    if problems := problems_of(folder):
        sys.stderr.write("The workbook can't be run:\n" + "".join(f"  - {one}\n" for one in problems))
        return 1
    settings = settings_of(folder)
    os.environ |= {name: settings[name] for name in FOR_COMMANDS if settings.get(name)}
    if command:
        whole = [sys.executable, "-P", "-m", "t4c_lib", *command]
    else:
        (folder / "log").mkdir(mode=0o700, exist_ok=True)
        install_proxy(folder)
        os.environ["T4C_DEPLOY"] = str(folder)
        os.chdir(folder)
        whole = [sys.executable, "-P", "-m", "jupyterhub", "--config", str(HERE / "jupyterhub_config.py")]
    return os.execv(sys.executable, whole)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
