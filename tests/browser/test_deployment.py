"""The lines of `docs/deployment.md`, run as they stand there: nginx, Apache and jupyter-server-proxy before the server.

Only the port of gan1d is replaced.
"""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")

from tests import tools
from tests.browser import driving
from tests.test_docs import between

DOCUMENT = "docs/deployment.md"
START_SECONDS = 30
APACHE_MODULES = ("mpm_event", "authz_core", "alias", "proxy", "proxy_http")


def needs(tool: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(bool(tools.MISSING[tool]), reason=tools.MISSING[tool])


def lines_of(proxy: str, server: str, at: str) -> str:
    """The documented lines for a proxy that serves gan1d at this path."""
    text = re.sub(r"^```\w*\n?|```$", "", between(DOCUMENT, proxy), flags=re.MULTILINE)
    assert "127.0.0.1:8765" in text
    text = text.replace("127.0.0.1:8765", urlsplit(server).netloc)
    if at == "/":
        text = re.sub(r"^RedirectMatch.*\n", "", text, flags=re.MULTILINE)
    return text.replace("/gan1d/", at)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@contextmanager
def running(command: list[str], port: int, cwd: Path, **environment: str) -> Iterator[str]:
    """Run a program until it listens on its port; its address, without a slash at the end."""
    with (cwd / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=cwd, env={**os.environ, **environment}, stdout=log, stderr=log)
    try:
        deadline = time.monotonic() + START_SECONDS
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if process.poll() is not None or time.monotonic() > deadline:
                pytest.fail((cwd / "log").read_text("utf-8", "replace"))
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def run_nginx(lines: str, home: Path) -> Any:
    port = free_port()
    (home / "logs").mkdir()
    temporary = " ".join(f"{name}_temp_path {name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    # As root, the workers would be of another user, who may not enter a directory of pytest.
    (home / "nginx.conf").write_text(f"""
        daemon off; pid nginx.pid; error_log logs/error.log; {"user root;" if os.geteuid() == 0 else ""}
        events {{}}
        http {{ access_log off; {temporary}
          server {{ listen 127.0.0.1:{port};
            {lines}
          }} }}
    """)
    assert tools.NGINX
    return running([tools.NGINX, "-p", str(home), "-c", str(home / "nginx.conf")], port, home)


def run_apache(lines: str, home: Path) -> Any:
    port = free_port()
    modules = "\n".join(f"LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so" for name in APACHE_MODULES)
    user = "User daemon\nGroup daemon" if os.geteuid() == 0 else ""
    (home / "apache.conf").write_text(
        f'ServerRoot "{home}"\nServerName 127.0.0.1\nListen 127.0.0.1:{port}\nPidFile pid\n'
        f"ErrorLog error.log\n{user}\n{modules}\n{lines}"
    )
    assert tools.APACHE
    return running([tools.APACHE, "-f", str(home / "apache.conf"), "-DFOREGROUND"], port, home)


def check(open_page: Any, page_address: str, proxy: str) -> None:
    """The page loads through the proxy, and trains over its websocket."""
    page = open_page(page_address, allowed=proxy)
    driving.wait_until_ready(page)
    driving.step_to(page, 2)
    if not urlsplit(page_address).path.endswith("/"):
        assert urlsplit(page.url).path.endswith("/")
        # Until the page is at its address with the slash, its files are looked for beside it.
        page.wire.faults.clear()
    page.context.close()


PROXIES = [
    pytest.param("nginx", run_nginx, marks=needs("nginx"), id="nginx"),
    pytest.param("apache", run_apache, marks=needs("apache"), id="apache"),
]


@pytest.mark.parametrize(("name", "run"), PROXIES)
def test_a_proxy_under_a_prefix(open_page: Any, server: str, tmp_path: Path, name: str, run: Any) -> None:
    with run(lines_of(name, server, "/gan1d/"), tmp_path) as proxy:
        check(open_page, f"{proxy}/gan1d/?embed=1", proxy)
        check(open_page, f"{proxy}/gan1d", proxy)


@pytest.mark.parametrize(("name", "run"), PROXIES)
def test_a_proxy_at_the_root(open_page: Any, server: str, tmp_path: Path, name: str, run: Any) -> None:
    with run(lines_of(name, server, "/"), tmp_path) as proxy:
        check(open_page, f"{proxy}/#seed=3", proxy)


@needs("jupyter")
@pytest.mark.parametrize("base", ["/", "/user/ada/"])
def test_jupyter_server_proxy(open_page: Any, server: str, tmp_path: Path, base: str) -> None:
    """With and without a prefix of Jupyter's own, and with and without the slash at the end."""
    assert "`/proxy/8765/`" in (tools.ROOT / DOCUMENT).read_text("utf-8")
    port, home = free_port(), str(tmp_path)
    options = [f"--port={port}", f"--ServerApp.base_url={base}", "--no-browser", "--allow-root", "--ip=127.0.0.1"]
    command = [sys.executable, "-m", "jupyter_server", *options, "--IdentityProvider.token=ada"]
    with running(command, port, tmp_path, HOME=home, JUPYTER_CONFIG_DIR=home, JUPYTER_DATA_DIR=home) as jupyter:
        for end in ("/", ""):
            address = f"{jupyter}{base}proxy/{urlsplit(server).port}{end}?token=ada"
            check(open_page, address, jupyter)
