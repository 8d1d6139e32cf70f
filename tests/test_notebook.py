"""`gan1d.show`: its addresses, its server, and that both end with the kernel."""

import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest

import gan1d
from gan1d import notebook
from gan1d.notebook import BackgroundServer, address_for_browser, address_of, jupyter_server
from tests.tools import slow_but


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """A port without a server, so that an address costs no process."""
    monkeypatch.setattr(notebook._Kernel, "port", lambda: 4321)
    for name in ("JUPYTERHUB_SERVICE_PREFIX", "JPY_PARENT_PID"):
        monkeypatch.delenv(name, raising=False)
    return 4321


def test_the_default_is_an_embedded_page_on_this_machine(port: int) -> None:
    page = gan1d.show()
    url = "http://127.0.0.1:4321/?embed=1"
    assert page == gan1d.NotebookPage(url, "100%", 540)
    attributes = f'src="{url}" width="100%" height="540" style="border: 0" title="gan1d"'
    assert page._repr_html_() == f"<iframe {attributes}></iframe>"


def test_options_are_those_of_an_embedded_page(port: int) -> None:
    page = gan1d.show("mode_collapse", height=400, width="960", autoplay=True, controls="mini", theme="dark",
                      hide=["losses", "penalty"], scale=1.5, readonly=True)  # fmt: skip
    parts = urlsplit(page.url)
    assert parse_qs(parts.query) == {"embed": ["1"], "autoplay": ["1"], "controls": ["mini"], "theme": ["dark"],
                                     "hide": ["losses,penalty"], "scale": ["1.5"], "readonly": ["1"]}  # fmt: skip
    assert parts.fragment == "preset=mode_collapse"
    assert 'width="960" height="400"' in page._repr_html_()


def test_experiments_are_written_as_the_page_reads_them() -> None:
    assert address_of("default") == ""
    assert address_of("learned_by_heart") == "preset=memorization"
    assert address_of(gan1d.presets["mode_collapse"]) == "preset=mode_collapse"
    config = gan1d.Config().patched("generator.hidden", [8, 8]).patched("loss", "hinge").patched("seed", 7)
    assert set(address_of(config).split("&")) == {"seed=7", "loss=%22hinge%22", "generator.hidden=%5B8%2C%208%5D"}
    assert address_of(gan1d.Config()) == ""


def test_wrong_input_is_refused_before_a_server_starts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "BackgroundServer", None)
    with pytest.raises(ValueError, match=r'Expected a preset \(default, .*\), but got "collapse"'):
        gan1d.show("collapse")
    with pytest.raises(ValueError, match="Expected a height of at least 1"):
        gan1d.show(height=0)
    with pytest.raises(ValueError, match=r"a scale from 0\.5 to 4, but got 540 and 5"):
        gan1d.show(scale=5)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    with pytest.raises(RuntimeError, match="Google Colab"):
        gan1d.show()


def test_a_hub_has_a_prefix_and_an_address_can_be_given(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    assert gan1d.show(url="https://lab.example/proxy/{port}").url == "https://lab.example/proxy/4321/?embed=1"
    monkeypatch.setenv("JUPYTERHUB_SERVICE_PREFIX", "/user/ada/")
    assert gan1d.show("mode_collapse").url == "/user/ada/proxy/4321/?embed=1#preset=mode_collapse"


class Jupyter(BaseHTTPRequestHandler):
    """A Jupyter server that passes on requests for port 4321, if its token is right."""

    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/lab/proxy/4321/identity?token=secret" else 404)
        self.end_headers()
        self.wfile.write(b'{"program": "gan1d"}')

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def jupyter(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment of a kernel that a Jupyter server has started."""
    server = HTTPServer(("127.0.0.1", 0), Jupyter)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    (tmp_path / "jpserver-99.json").write_text(
        json.dumps({"base_url": "/lab/", "port": server.server_port, "token": "secret"})
    )
    yield {"JPY_PARENT_PID": "99", "JUPYTER_RUNTIME_DIR": str(tmp_path)}
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_jupyter_server_with_a_proxy_is_found(jupyter: dict[str, str]) -> None:
    assert address_for_browser(4321, jupyter) == "/lab/proxy/4321/"


def test_a_jupyter_server_without_a_proxy_is_passed_over(jupyter: dict[str, str]) -> None:
    assert address_for_browser(4322, jupyter) == "http://127.0.0.1:4322/"
    assert address_for_browser(4321, {**jupyter, "JPY_PARENT_PID": "98"}) == "http://127.0.0.1:4321/"
    assert jupyter_server({"JUPYTER_DATA_DIR": "/nowhere"}) is None


@pytest.mark.slow
def test_one_server_for_a_kernel_and_another_after_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook._Kernel, "server", None)
    first = gan1d.show()
    assert gan1d.show().url == first.url
    with urllib.request.urlopen(f"http://{urlsplit(first.url).netloc}/identity", timeout=20) as answer:
        assert json.load(answer) == {"program": "gan1d"}
    server = notebook._Kernel.server
    assert server is not None
    server.stop()
    assert not server.is_running
    monkeypatch.setattr(notebook, "BackgroundServer", lambda: SimpleNamespace(port=4321, is_running=True))
    assert urlsplit(gan1d.show().url).port == 4321
    assert notebook._Kernel.server is not server


def test_a_server_that_does_not_start_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "SERVER_PROGRAM", "print('No port is free.'); raise SystemExit(1)")
    with pytest.raises(RuntimeError, match=r"The server did not start:\nNo port is free\."):
        BackgroundServer()


@pytest.mark.parametrize(
    "end", slow_but(["os.kill(os.getpid(), 9)"], ["return", "os._exit(1)", "os.kill(os.getpid(), 9)"])
)
def test_the_server_ends_with_the_kernel(end: str) -> None:
    """A regular end, one without clean-up, and one that a signal forces. `import gan1d` loads no server."""
    code = f"""
import os, sys, gan1d
def kernel():
    assert not {{"fastapi", "uvicorn", "starlette", "websockets"}} & set(sys.modules)
    gan1d.show()
    print(gan1d.notebook._Kernel.server._process.pid, flush=True)
    {end}
kernel()
"""
    done = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=50)
    assert done.stderr == ""
    pid = int(done.stdout)
    deadline = time.monotonic() + 20
    while is_alive(pid):
        assert time.monotonic() < deadline, "the server has outlived its kernel"
        threading.Event().wait(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that has ended is a zombie until its parent has noticed."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")
