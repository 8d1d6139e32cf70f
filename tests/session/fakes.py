"""Stand-ins for what surrounds a session: viewers that keep what they are sent, and a clock that the test moves."""

import itertools
import json
from typing import Any

from gan1d.config.model import Config
from gan1d.evaluation import codec
from gan1d.session.inbox import Join, Leave
from gan1d.session.messages import Ack, Command, Play, Playback, Role
from gan1d.session.pacing import SLICE_SECONDS
from gan1d.session.session import Session

SMALL = Config.parsed({"batch_size": 4, "generator": {"hidden": [2]}, "discriminator": {"hidden": [2]}})
"""As quick as a run can be."""
EXPLODING = {"kind": "sgd", "learning_rate": 10.0}
WILD = {"hidden": [16, 16], "activation": {"kind": "leaky_relu"}, "optimizer": EXPLODING, "input_scale": 10.0}
DIVERGING = Config.parsed({"batch_size": 8, "penalty": {"kind": "none"}, "generator": WILD, "discriminator": WILD})
"""Diverges within a few steps."""


class FakeViewer:
    """Keeps the events and frames that it was sent."""

    def __init__(self, role: Role = "driver") -> None:
        self.role: Role = role
        self.events: list[dict[str, Any]] = []
        self.frames: list[bytes] = []
        self.seconds: list[bytes | None] = []
        self.drawn = 0
        self.has_left = False

    def send_text(self, text: str) -> None:
        self.events.append(json.loads(text))

    def send_frame(self, frame: bytes, second: bytes | None = None) -> None:
        self.frames.append(frame)
        self.seconds.append(second)

    def events_of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.events if event["type"] == kind]

    def last(self, kind: str) -> dict[str, Any]:
        return self.events_of(kind)[-1]

    @property
    def steps(self) -> list[int]:
        """The step of each frame it was sent."""
        return [codec.HEADER.unpack_from(frame)[3] for frame in self.frames]

    @property
    def scenes(self) -> list[int]:
        """The scene of each frame it was sent."""
        return [codec.HEADER.unpack_from(frame)[2] for frame in self.frames]


class Stage:
    """A session on a fake clock, with one driver who has joined."""

    def __init__(self, config: Config = SMALL) -> None:
        self.now = 100.0
        # Every slice seems to last as long as one may, so each holds a single step.
        timer = itertools.count(step=SLICE_SECONDS).__next__
        self.session = Session(config, "default", timer=timer)
        self.viewer = self.join()

    def join(self, role: Role = "driver") -> FakeViewer:
        viewer = FakeViewer(role)
        self.session.submit(Join(), viewer)
        self.advance()
        self.now += 0.1
        self.advance()
        self.draw(viewer)
        return viewer

    def leave(self, viewer: FakeViewer) -> None:
        self.session.submit(Leave(), viewer)
        self.advance()

    def advance(self) -> float:
        self.session.handle_inbox(self.now)
        return self.session.advance(self.now)

    def send(self, *commands: Command, viewer: FakeViewer | None = None) -> None:
        for command in commands:
            if isinstance(command, Ack):
                self.session.acknowledge(viewer or self.viewer)
            else:
                self.session.submit(command, viewer or self.viewer)
        self.advance()
        while len(self.session._inbox):
            self.advance()
        while self.session.playback_control.pending:
            self.draw(viewer or self.viewer)
            self.advance()

    def draw(self, viewer: FakeViewer) -> None:
        """Acknowledge the frames a viewer has not drawn yet; the session reads of it in its next turn."""
        while viewer.drawn < len(viewer.frames):
            viewer.drawn += 1
            self.session.acknowledge(viewer)
            if viewer.seconds[viewer.drawn - 1] is not None:
                self.session.acknowledge(viewer)

    def ack(self, viewer: FakeViewer | None = None) -> None:
        self.send(Ack(), viewer=viewer)

    def wait(self, seconds: float, *, draws: bool = True, busy: float = 0.001) -> None:
        """Let time pass, with a turn whenever the session wants one; a turn at full speed takes `busy` seconds.

        Args:
            draws: Whether the driver acknowledges each frame at once.
        """
        end = self.now + seconds
        while True:
            wait = self.advance()
            if draws and self.viewer.drawn < len(self.viewer.frames):
                self.draw(self.viewer)
                wait = 0.0
            if self.now + max(wait, busy) > end:
                self.now = end
                return
            self.now += max(wait, busy)

    @property
    def step(self) -> int:
        return self.session.run.step


def bits(stage: Stage) -> bytes:
    """The parameters of both networks of the present run."""
    trainer = stage.session.run.trainer
    return trainer.generator.parameters.tobytes() + trainer.discriminator.parameters.tobytes()


def diverge(stage: Stage) -> None:
    stage.send(Playback(speed="max"), Play())
    stage.wait(0.5)
    assert stage.session.run.diverged is not None
