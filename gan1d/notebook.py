"""The page inside a notebook: `show` starts a server for the kernel if none runs, and returns a frame.

The server is a process of its own, so that neither slows down the other and the bits of a run do not depend on the
kernel. It ends when its standard input is closed, as happens when the kernel ends in any way.
"""

import atexit
import html
import json
import os
import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal
from urllib.parse import quote, urlencode

from gan1d.config.model import Config
from gan1d.gallery import DEFAULT_PRESET, Preset, find_preset, presets

PROXY_SECONDS: Final = 3.0
"""Longest wait for the answer of a Jupyter server."""

SERVER_PROGRAM: Final = """\
import sys; sys.path.append(sys.argv[1])
from gan1d.server.background import serve_notebook; serve_notebook()
"""
"""Program of the server's process. This package is found last, so that it hides no module of another."""


@dataclass(frozen=True)
class NotebookPage:
    """A page in a frame; a notebook shows it where it is the last value of a cell.

    Attributes:
        url: Address of the page: absolute, or a path on the notebook's own server.
        width: Width of the frame as in HTML, such as "100%" or "960".
        height: Height of the frame in pixels.
    """

    url: str
    width: str
    height: int

    def _repr_html_(self) -> str:
        """The frame as HTML, as IPython requests it."""
        url, width = html.escape(self.url), html.escape(self.width)
        return f'<iframe src="{url}" width="{width}" height="{self.height}" style="border: 0" title="gan1d"></iframe>'


class BackgroundServer:
    """A server in a process of its own, which ends with this process.

    Attributes:
        port: Port on 127.0.0.1 on which it serves.

    Raises:
        RuntimeError: The server did not start; the message is what it printed.
    """

    def __init__(self) -> None:
        # The directory of the user may hold files with the names of modules, which -P leaves out.
        command = [sys.executable, "-P", "-c", SERVER_PROGRAM, str(Path(__file__).parents[1])]
        # A process group of its own: interrupting the kernel interrupts its group.
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        output = self._process.stdout
        assert output is not None
        lines: list[str] = []
        for line in output:
            lines.append(line)
            if found := re.search(r"http://127\.0\.0\.1:(\d+)/", line):
                self.port = int(found[1])
                break
        else:
            self._close()
            raise RuntimeError("The server did not start:\n" + "".join(lines))
        # A pipe that nothing reads would stop the server once it is full.
        self._reader = threading.Thread(target=deque, args=(output, 0), daemon=True)
        self._reader.start()
        atexit.register(self.stop)

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the process."""
        atexit.unregister(self.stop)
        self._process.terminate()
        self._reader.join()
        self._close()

    def _close(self) -> None:
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()
        self._process.wait()


class _Kernel:
    """The only server of this process."""

    server: BackgroundServer | None = None
    lock = threading.Lock()

    @classmethod
    def port(cls) -> int:
        with cls.lock:
            if cls.server is None or not cls.server.is_running:
                cls.server = BackgroundServer()
            return cls.server.port


def show(
    experiment: Config | Preset | str = DEFAULT_PRESET,
    *,
    height: int = 540,
    width: str = "100%",
    autoplay: bool = False,
    controls: Literal["full", "mini", "none"] = "full",
    theme: Literal["light", "dark", "auto"] = "light",
    hide: Iterable[str] = (),
    scale: float = 1.0,
    readonly: bool = False,
    url: str | None = None,
) -> NotebookPage:
    """Show the page in a notebook, and start a server for this kernel if none runs.

    The server listens on a free port of this machine, and ends with the kernel. Behind JupyterHub, Binder and Jupyter
    with jupyter-server-proxy the page comes through the notebook's own server, otherwise from 127.0.0.1.

    Args:
        experiment: A config, a preset or the name of a preset.
        height: Height of the frame in pixels.
        width: Width of the frame as in HTML.
        autoplay: Whether the run starts when the frame is seen.
        controls: "full" for all settings, "mini" for the buttons and the counter, "none" for the charts alone.
        theme: Colours.
        hide: Names of charts and settings to leave out.
        scale: Size of type and lines, 0.5 to 4.
        readonly: Whether to leave out the controls.
        url: Address of the server as the browser reaches it, with "{port}" for the port, if it cannot be found out:
            "/proxy/{port}/" or "https://lab.example/proxy/{port}/".

    Returns:
        The page. `url` is its address, for another tab or slide.

    Raises:
        ValueError: There is no preset of this name, or a number is out of bounds.
        RuntimeError: The server did not start, or this is Google Colab, which cannot show the page.
    """
    if "google.colab" in sys.modules:
        raise RuntimeError("Expected Jupyter, JupyterHub, Binder or VS Code, but this is Google Colab: not supported.")
    if height < 1 or not 0.5 <= scale <= 4:
        raise ValueError(f"Expected a height of at least 1 and a scale from 0.5 to 4, but got {height} and {scale}.")
    options = {
        "embed": "1",
        "autoplay": "1" if autoplay else "",
        "controls": "" if controls == "full" else controls,
        "theme": "" if theme == "light" else theme,
        "hide": ",".join(hide),
        "scale": "" if scale == 1 else f"{scale:g}",
        "readonly": "1" if readonly else "",
    }
    query = urlencode({name: value for name, value in options.items() if value}, safe=",")
    fragment = address_of(experiment)
    port = _Kernel.port()
    base = address_for_browser(port, os.environ) if url is None else url.replace("{port}", str(port))
    return NotebookPage(f"{base.rstrip('/')}/?{query}{fragment and '#'}{fragment}", width, height)


def address_of(experiment: Config | Preset | str) -> str:
    """An experiment as the page's address has it after "#"; "" for the default one.

    Raises:
        ValueError: There is no preset of this name.
    """
    if isinstance(experiment, Config):
        changes = experiment.differences(presets[DEFAULT_PRESET].config)
        # The page writes the kind of a union at the path of the union.
        pairs = [
            f"{quote(path.removesuffix('.kind'))}={quote(json.dumps(value), safe='')}"
            for path, value in changes.items()
        ]
        return "&".join(pairs)
    name = experiment.name if isinstance(experiment, Preset) else experiment
    preset = find_preset(name)
    if preset is None:
        raise ValueError(f"Expected a preset ({', '.join(presets)}), but got {json.dumps(name)}.")
    return "" if preset.name == DEFAULT_PRESET else f"preset={preset.name}"


def address_for_browser(port: int, environment: Mapping[str, str]) -> str:
    """Address at which the browser of this notebook reaches a port of this machine.

    JupyterHub and Binder name the prefix of their proxy. A Jupyter server is found by the file that it writes about
    itself, and sent a request through its proxy: without jupyter-server-proxy, that request fails.
    """
    if prefix := environment.get("JUPYTERHUB_SERVICE_PREFIX"):
        return f"{prefix.rstrip('/')}/proxy/{port}/"
    server = jupyter_server(environment)
    if server is not None:
        path = f"{server.get('base_url', '/')}proxy/{port}/"
        where = f"http://127.0.0.1:{server.get('port')}{path}identity?{urlencode({'token': server.get('token', '')})}"
        try:
            with urllib.request.urlopen(where, timeout=PROXY_SECONDS) as answer:
                if json.load(answer).get("program") == "gan1d":
                    return path
        except (OSError, ValueError):
            pass  # no proxy: the browser has to be on this machine
    return f"http://127.0.0.1:{port}/"


def jupyter_server(environment: Mapping[str, str]) -> dict[str, str] | None:
    """The file of the Jupyter server that started this kernel (base_url, port, token); None if there is none."""
    directory = environment.get("JUPYTER_RUNTIME_DIR")
    if directory is None:
        data = environment.get("JUPYTER_DATA_DIR") or Path.home() / ".local/share/jupyter"
        directory = str(Path(data) / "runtime")
    try:
        text = (Path(directory) / f"jpserver-{environment.get('JPY_PARENT_PID')}.json").read_text("utf-8")
        found: dict[str, str] = json.loads(text)
    except (OSError, ValueError):
        return None
    return found
