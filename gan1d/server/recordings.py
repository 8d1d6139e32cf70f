"""`POST recording`: repeat the run of a log, and answer with the replay page of it."""

import asyncio
import io
import re
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from gan1d.formatting import format_count
from gan1d.gallery import find_preset
from gan1d.recording.run_log import Change, LogError, RunLog, continued
from gan1d.replay.html_page import write_html
from gan1d.replay.recorder import RecordingError, play
from gan1d.server.upload import UploadEndpoint, while_wanted
from gan1d.session.step_cost import step_cost_error

REPEAT_SECONDS: Final = 120.0
"""Longest time for repeating a run."""


class StoppedError(Exception):
    """The page waits no longer, or the run takes too long. The message is shown to the user."""


class RecordingEndpoint(UploadEndpoint):
    """Answers `POST recording`, one at a time: a recording takes a whole core.

    Args:
        step_limit: Largest number of million multiply-adds in a step.
        directory: Directory of the page's files.
        clock: Seconds, never decreasing.
    """

    name, largest_body, receive_seconds = "log", 2**22, 30.0
    busy, most_requests, retry_seconds = "The server is making another recording. Try again in a minute.", 1, 60

    def __init__(self, step_limit: float, directory: Path, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._step_limit, self._directory, self._clock = step_limit, directory, clock

    async def answer(self, request: Request) -> Response:
        """Answer with the file.

        The body is the log of a run, as the event `run_log` has it. `?preset=` is the name of the preset on which the
        run is based.
        """
        body = await self.body(request)
        preset = find_preset(request.query_params.get("preset", ""))
        name = None if preset is None else preset.name
        try:
            log = await asyncio.to_thread(affordable_log, body, self._step_limit)
            text = await self._repeat(log, name, request)
        except (LogError, RecordingError, StoppedError) as error:
            return PlainTextResponse(str(error), 422)
        file = f"gan1d-{re.sub('[^a-z0-9_]', '', name or 'run')}.html"
        return Response(text, media_type="text/html", headers={"Content-Disposition": f'attachment; filename="{file}"'})

    async def _repeat(self, log: RunLog, preset: str | None, request: Request) -> str:
        """The file of a run, which is repeated in a thread of its own, as long as the page waits.

        Raises:
            RecordingError: There would be too many pictures.
            StoppedError: The page waits no longer, or the run takes too long.
        """
        end = self._clock() + REPEAT_SECONDS

        def repeat(is_stopped: threading.Event) -> str:
            def check(step: int) -> None:
                if is_stopped.is_set():
                    raise StoppedError("The recording was stopped.")
                if self._clock() > end:
                    raise StoppedError(
                        f"Expected a run that is repeated within {REPEAT_SECONDS:.0f} s, but only {format_count(step)} "
                        f"of {format_count(log.last_step)} steps were made. Save the log instead and use gan1d record "
                        "--log."
                    )

            return write_html(play(log, preset=preset, on_step=check), directory=self._directory)

        return await while_wanted(request, repeat)


def affordable_log(body: bytes, step_limit: float) -> RunLog:
    """The log in a text, if no step of its run takes longer than is allowed.

    Raises:
        LogError: It is no log, or holds settings that are not allowed.
    """
    log = RunLog.read(io.BytesIO(body))
    config = log.config
    for event in (None, *log.events):
        config = continued(config, event) if isinstance(event, Change) else config
        if error := step_cost_error(config, step_limit):
            raise LogError(error)
    return log
