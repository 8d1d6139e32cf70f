"""`POST recording`: repeat the run of a log, and answer with the replay page of it."""

import asyncio
import io
import re
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from gan1d.formatting import format_count
from gan1d.gallery import find_preset
from gan1d.recording.run_log import Change, LogError, RunLog, continued
from gan1d.replay.html_page import write_html
from gan1d.replay.recorder import RecordingError, play
from gan1d.session.step_cost import step_cost_error

LARGEST_LOG: Final = 2**22
"""Largest number of bytes of a log."""
LOG_SECONDS: Final = 30.0
"""Longest time in which a log must have come."""
REPEAT_SECONDS: Final = 120.0
"""Longest time for repeating a run."""
LOOK_SECONDS: Final = 0.5
"""Time between two looks at whether the page still waits."""


class StoppedError(Exception):
    """The page waits no longer, or the run takes too long. The message is shown to the user."""


class RecordingEndpoint:
    """Answers `POST recording`, one at a time: a recording takes a whole core.

    Args:
        step_limit: Largest number of million multiply-adds in a step.
        directory: Directory of the page's files.
        clock: Seconds, never decreasing.
    """

    def __init__(self, step_limit: float, directory: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._step_limit, self._directory, self._clock = step_limit, directory, clock
        self._is_busy = False

    async def respond(self, request: Request) -> Response:
        """Answer with the file.

        The body is the log of a run, as the event `run_log` has it. `?preset=` is the name of the preset on which the
        run is based.
        """
        if self._is_busy:
            reason = "The server is making another recording. Try again in a minute."
            return PlainTextResponse(reason, 503, {"Retry-After": "60"})
        self._is_busy = True
        try:
            async with asyncio.timeout(LOG_SECONDS):
                body = await receive_log(request)
            preset = find_preset(request.query_params.get("preset", ""))
            name = None if preset is None else preset.name
            text = await self._repeat(affordable_log(body, self._step_limit), name, request)
        except TimeoutError:
            return PlainTextResponse(f"Expected the log within {LOG_SECONDS:.0f} s, but it took longer.", 408)
        except (LogError, RecordingError, StoppedError) as error:
            return PlainTextResponse(str(error), 422)
        finally:
            self._is_busy = False
        file = f"gan1d-{re.sub('[^a-z0-9_]', '', name or 'run')}.html"
        return Response(text, media_type="text/html", headers={"Content-Disposition": f'attachment; filename="{file}"'})

    async def _repeat(self, log: RunLog, preset: str | None, request: Request) -> str:
        """The file of a run, which is repeated in a thread of its own, as long as the page waits.

        Raises:
            RecordingError: There would be too many pictures.
            StoppedError: The page waits no longer, or the run takes too long.
        """
        end, is_stopped = self._clock() + REPEAT_SECONDS, threading.Event()

        def check(step: int) -> None:
            if is_stopped.is_set():
                raise StoppedError("The recording was stopped.")
            if self._clock() > end:
                raise StoppedError(
                    f"Expected a run that is repeated within {REPEAT_SECONDS:.0f} s, but only {format_count(step)} of "
                    f"{format_count(log.last_step)} steps were made. Save the log instead and use gan1d record --log."
                )

        def repeat() -> str:
            return write_html(play(log, preset=preset, on_step=check), directory=self._directory)

        work = asyncio.create_task(asyncio.to_thread(repeat))
        try:
            while not work.done():
                await asyncio.wait([work], timeout=LOOK_SECONDS)
                if await request.is_disconnected():
                    is_stopped.set()
            return await work
        finally:
            # The program cannot end while a thread of the pool is working.
            is_stopped.set()
            with suppress(asyncio.CancelledError, StoppedError):
                await asyncio.wait([work])


async def receive_log(request: Request) -> bytes:
    """The body of a request.

    Raises:
        LogError: It is too long, or did not come.
    """
    parts, count = list[bytes](), 0
    try:
        async for part in request.stream():
            count += len(part)
            if count > LARGEST_LOG:
                raise LogError(f"Expected a log of at most {LARGEST_LOG >> 20} MB, but got more.")
            parts.append(part)
    except ClientDisconnect:
        raise LogError("The log did not come whole.") from None
    return b"".join(parts)


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
