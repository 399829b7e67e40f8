"""JupyterHub for the workbook, started by run.py: people sign in to the hub, and the pages are one service of it.

Everything that differs between organisations is read from the file `deploy.env` of that folder (deploy.env.example has
each line explained). The hub starts the pages and the proxy, and starts them again when they end.
"""

import os
import sys
from pathlib import Path
from runpy import run_path

from tornado.web import HTTPError

c = get_config()  # noqa: F821  (JupyterHub's own)

folder = Path(os.environ["T4C_DEPLOY"])
settings = run_path(str(Path(__file__).with_name("run.py")))["settings_of"](folder)
host, port = settings.get("T4C_HOST", "127.0.0.1"), settings.get("T4C_PORT", "8443")

# The proxy, in front of everything: TLS ends here. Hub, pages and database listen on this machine only.
secure = (folder / "tls.key").is_file()
c.JupyterHub.bind_url = f"http{'s' if secure else ''}://{host}:{port}"
if secure:
    c.JupyterHub.ssl_key, c.JupyterHub.ssl_cert = str(folder / "tls.key"), str(folder / "tls.crt")
c.JupyterHub.hub_bind_url = f"http://127.0.0.1:{settings.get('T4C_HUB_PORT', '8081')}"
proxy = folder / "proxy" / "node_modules" / "configurable-http-proxy" / "bin" / "configurable-http-proxy"
c.ConfigurableHTTPProxy.command = [settings.get("T4C_NODE", "node"), str(proxy)]
c.ConfigurableHTTPProxy.api_url = f"http://127.0.0.1:{settings.get('T4C_PROXY_PORT', '8001')}"
c.ConfigurableHTTPProxy.pid_file = str(folder / "proxy.pid")
c.JupyterHub.db_url = settings.get("T4C_HUB_DATABASE", f"sqlite:///{folder / 'hub.sqlite'}")
c.JupyterHub.cookie_secret_file = str(folder / "hub_cookie_secret")

# How people sign in: your organisation's own directory. A class of JupyterHub or of a package that you install beside
# it (oauthenticator, jupyterhub-ldapauthenticator); its own settings stand in authenticator.py of the folder.
c.JupyterHub.authenticator_class = settings.get("T4C_AUTHENTICATOR", "pam")
c.Authenticator.allow_all = True  # who may do what is for the workbook's list of people: t4c people load
c.Authenticator.admin_users = set(filter(None, settings.get("T4C_HUB_ADMINISTRATORS", "").split(",")))
if (folder / "authenticator.py").is_file():
    load_subconfig(str(folder / "authenticator.py"))  # noqa: F821


def refuse_server(_spawner):
    """Nobody gets a server of their own, in which they could run programs as this account; administrators neither."""
    raise HTTPError(403, "Nobody has a server of their own here. The pages of the workbook are at /services/t4c/.")


c.Spawner.pre_spawn_hook = refuse_server
c.JupyterHub.spawner_class = "simple"
c.JupyterHub.default_url = "/services/t4c/"
c.JupyterHub.services = [
    {
        "name": "t4c",
        "url": f"http://127.0.0.1:{settings.get('T4C_PAGES_PORT', '10102')}",
        "command": [sys.executable, "-P", "-m", "t4c_lib", "serve", "--sign-in", "hub", "--behind-proxy"]
        + [word for name in filter(None, settings.get("T4C_NAMES", "").split(",")) for word in ("--name", name)],
        "environment": {
            name: settings[name]
            for name in ("T4C_DATABASE_URL", "PGPASSWORD", "T4C_TOKEN", "T4C_MOST_PAGES", "T4C_OWN_PARAMETERS")
            if name in settings
        }
        | {"T4C_LOG": str(folder / "log" / "pages.jsonl"), "HOME": str(folder)},
        "oauth_no_confirm": True,
        "display": False,
    }
]
c.JupyterHub.load_roles = [{"name": "user", "scopes": ["self", "access:services!service=t4c"]}]
