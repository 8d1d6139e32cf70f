"""Credit-based flow control: how many frames each viewer may still be sent.

Sending a frame costs one credit, and the acknowledgement of a drawn frame returns it. A viewer that draws nothing, such
as a hidden tab, gets no frames. A viewer that lacks the present picture gets it as soon as it has credit, even while
the run is paused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from gan1d.session.messages import Event, Role, encode_event

CREDIT: Final = 2
"""Frames that may be on their way to a viewer: one being drawn and one to come. More would only delay the picture."""


class Subscriber(Protocol):
    """A viewer. All of it may be used from any thread, and both methods return at once."""

    @property
    def role(self) -> Role: ...
    @property
    def has_left(self) -> bool: ...
    def send_text(self, text: str) -> None: ...
    def send_frame(self, frame: bytes) -> None: ...


@dataclass
class ViewerCredit:
    """State of one viewer.

    Attributes:
        credit: Frames that it may be sent, from 0 to `CREDIT`.
        last_sent: Number of the last picture that it was sent; -1 for none.
    """

    credit: int = CREDIT
    last_sent: int = -1

    def waits_for(self, picture: int) -> bool:
        """Whether it may be sent this picture and has not been sent it yet."""
        return self.credit > 0 and self.last_sent != picture


class FlowControl:
    """The viewers of one session, used by the session's owner only."""

    def __init__(self) -> None:
        self._credits: dict[Subscriber, ViewerCredit] = {}

    def __len__(self) -> int:
        return len(self._credits)

    def __contains__(self, viewer: Subscriber) -> bool:
        return viewer in self._credits

    def add(self, viewer: Subscriber) -> None:
        """Add a viewer with full credit."""
        self._credits[viewer] = ViewerCredit()

    def remove(self, viewer: Subscriber) -> None:
        """Remove a viewer, if it is there."""
        self._credits.pop(viewer, None)

    def credit(self, viewer: Subscriber) -> None:
        """Return one credit to a viewer, up to `CREDIT`, if it is there."""
        if (state := self._credits.get(viewer)) is not None:
            state.credit = min(CREDIT, state.credit + 1)

    def refresh(self) -> None:
        """Return all credit: pages drop frames of an earlier scene without acknowledging them."""
        for state in self._credits.values():
            state.credit, state.last_sent = CREDIT, -1

    def has_credit(self) -> bool:
        """Whether any viewer may be sent a frame."""
        return any(state.credit > 0 for state in self._credits.values())

    def waits_for(self, picture: int) -> bool:
        """Whether any viewer may be sent this picture and has not been sent it yet."""
        return any(state.waits_for(picture) for state in self._credits.values())

    def send_frame(self, picture: int, encoded_frame: Callable[[], bytes]) -> None:
        """Send a picture to every viewer that waits for it; it is made once, or not at all if no viewer waits."""
        waiting = [(viewer, state) for viewer, state in self._credits.items() if state.waits_for(picture)]
        if not waiting:
            return
        frame = encoded_frame()
        for viewer, state in waiting:
            state.credit -= 1
            state.last_sent = picture
            viewer.send_frame(frame)

    def send_event(self, event: Event) -> None:
        """Send an event to every viewer; it is encoded once."""
        if self._credits:
            text = encode_event(event)
            for viewer in self._credits:
                viewer.send_text(text)
