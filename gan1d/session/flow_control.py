"""Credit-based flow control: how many frames each viewer may still be sent.

Sending a frame costs one credit, and the acknowledgement of a drawn frame returns it. A viewer that draws nothing, such
as a hidden tab, gets no frames. A viewer that lacks the present picture gets it as soon as it has credit, even while
the run is paused. A viewer that looks back gets the frames that it looks at, and none of the present. While two runs
are compared, their frames are sent in pairs, each of which costs its credit.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from gan1d.session.messages import Event, Role, Scene, encode_event

CREDIT: Final = 2
"""Frames that may be on their way to a viewer: one being drawn and one to come. More would only delay the picture."""


class Subscriber(Protocol):
    """A viewer. All of it may be used from any thread, and both methods return at once."""

    @property
    def role(self) -> Role: ...
    @property
    def has_left(self) -> bool: ...
    def send_text(self, text: str) -> None: ...
    def send_frame(self, frame: bytes, second: bytes | None = None) -> None: ...


@dataclass(frozen=True)
class SecondFrame:
    """A frame of the second of two runs that are compared.

    Attributes:
        encoded: The frame.
        scene: Number of its scene.
        scene_text: Makes the event with that scene.
    """

    encoded: bytes
    scene: int
    scene_text: Callable[[], str]


@dataclass
class ViewerState:
    """State of one viewer.

    Attributes:
        credit: Frames that it may be sent, from 0 to `CREDIT`, or twice as many in pairs.
        last_sent: Number of the last picture that it was sent; -1 for none.
        scene: Number of the scene that it was sent last.
        second_scene: Number of the scene of the second run that it was sent last; 0 for none.
        looks_back: Whether it looks at an earlier step.
        past_frame: A frame of an earlier step that waits for credit, and that of the second run.
    """

    credit: int = CREDIT
    last_sent: int = -1
    scene: int = 0
    second_scene: int = 0
    looks_back: bool = False
    past_frame: tuple[bytes, SecondFrame | None] | None = None

    def send(self, viewer: Subscriber, frame: bytes, second: SecondFrame | None) -> None:
        """Send a frame, and that of the second run, if there is one."""
        self.credit -= 1
        if second is None:
            viewer.send_frame(frame)
            return
        self.credit -= 1
        if self.second_scene != second.scene:
            self.second_scene = second.scene
            viewer.send_text(second.scene_text())
        viewer.send_frame(frame, second.encoded)


class FlowControl:
    """The viewers of one session, used by the session's owner only."""

    def __init__(self) -> None:
        self._viewers: dict[Subscriber, ViewerState] = {}
        self._frames = 1

    def set_frames(self, count: int) -> None:
        """Send so many frames for each picture from now on, 1 or 2; every viewer is sent the present picture again."""
        for state in self._viewers.values():
            state.credit = max(0, state.credit + CREDIT * (count - self._frames))
            state.last_sent, state.second_scene = -1, 0
            state.past_frame = state.past_frame and (state.past_frame[0], None)
        self._frames = count

    def _waits_for(self, state: ViewerState, picture: int) -> bool:
        """Whether a viewer may be sent this picture of the present and has not been sent it yet."""
        return state.credit >= self._frames and state.last_sent != picture and not state.looks_back

    def _refresh(self, state: ViewerState, scene: int) -> None:
        """Return all credit with a new scene: pages drop frames of an earlier one without acknowledging them."""
        state.credit, state.last_sent, state.scene = CREDIT * self._frames, -1, scene

    def __len__(self) -> int:
        return len(self._viewers)

    def __contains__(self, viewer: Subscriber) -> bool:
        return viewer in self._viewers

    def add(self, viewer: Subscriber, scene: int) -> None:
        """Add a viewer with full credit, which knows this scene."""
        self._viewers[viewer] = ViewerState(credit=CREDIT * self._frames, scene=scene)

    def remove(self, viewer: Subscriber) -> None:
        """Remove a viewer, if it is there."""
        self._viewers.pop(viewer, None)

    def credit(self, viewer: Subscriber) -> None:
        """Return one credit to a viewer, up to all that it can have, if it is there."""
        if (state := self._viewers.get(viewer)) is not None:
            state.credit = min(CREDIT * self._frames, state.credit + 1)
            self._send_past_frame(viewer, state)

    def has_credit(self) -> bool:
        """Whether any viewer may be sent a frame."""
        return any(state.credit >= self._frames for state in self._viewers.values())

    def waits_for(self, picture: int) -> bool:
        """Whether any viewer may be sent this picture and has not been sent it yet."""
        return any(self._waits_for(state, picture) for state in self._viewers.values())

    def all_look_back(self) -> bool:
        """Whether there are viewers, and all of them look back."""
        return bool(self._viewers) and all(state.looks_back for state in self._viewers.values())

    def any_looks_back(self) -> bool:
        """Whether any viewer looks back."""
        return any(state.looks_back for state in self._viewers.values())

    def look_back(self, viewer: Subscriber) -> None:
        """Send a viewer no frames of the present any more."""
        self._viewers[viewer].looks_back = True

    def send_past_frame(
        self,
        viewer: Subscriber,
        frame: bytes,
        scene: int,
        scene_text: Callable[[], str],
        second: SecondFrame | None = None,
    ) -> None:
        """Send a viewer that looks back a frame of a scene as soon as it has credit, in place of one that waits."""
        state = self._viewers[viewer]
        self._send_scene(viewer, state, scene, scene_text)
        state.past_frame = frame, second
        self._send_past_frame(viewer, state)

    def return_to_present(self, viewer: Subscriber, scene: int, scene_text: Callable[[], str]) -> None:
        """Send a viewer the frames of the present again, which belong to this scene."""
        state = self._viewers[viewer]
        state.looks_back, state.past_frame, state.last_sent = False, None, -1
        self._send_scene(viewer, state, scene, scene_text)

    def _send_scene(self, viewer: Subscriber, state: ViewerState, scene: int, scene_text: Callable[[], str]) -> None:
        if state.scene != scene:
            self._refresh(state, scene)
            viewer.send_text(scene_text())

    def _send_past_frame(self, viewer: Subscriber, state: ViewerState) -> None:
        if state.past_frame is not None and state.credit >= self._frames:
            state.send(viewer, *state.past_frame)
            state.past_frame = None

    def send_frame(
        self,
        picture: int,
        encoded_frame: Callable[[], bytes],
        second_frame: Callable[[], SecondFrame | None] = lambda: None,
    ) -> None:
        """Send a picture to every viewer that waits for it; it is made once, or not at all if no viewer waits."""
        waiting = [(viewer, state) for viewer, state in self._viewers.items() if self._waits_for(state, picture)]
        if not waiting:
            return
        frame, second = encoded_frame(), second_frame()
        for viewer, state in waiting:
            state.last_sent = picture
            state.send(viewer, frame, second)

    def send_event(self, event: Event) -> str:
        """Send an event to every viewer, encoded once; return its text, or "" if there is no viewer."""
        text = encode_event(event) if self._viewers else ""
        for viewer in self._viewers:
            viewer.send_text(text)
        return text

    def send_scene(self, event: Scene) -> None:
        """Send the scene of the present to every viewer that does not look back."""
        text = ""
        for viewer, state in self._viewers.items():
            if not state.looks_back:
                text = text or encode_event(event)
                self._refresh(state, event.scene)
                viewer.send_text(text)
