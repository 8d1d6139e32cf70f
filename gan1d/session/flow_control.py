"""Who looks at a session, and how many frames each may still be sent.

A frame costs credit and a drawn frame gives it back, so a viewer that draws nothing is sent nothing: a hidden tab needs
no code of its own. Whoever has not seen the present picture gets it as soon as there is credit, moving or not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from gan1d.session.messages import Event, Role, encode_event

CREDIT: Final = 2
"""Frames on their way to a viewer: one to draw, one to come. More only makes the picture older."""


class Subscriber(Protocol):
    """Somebody who watches. Both calls return at once, and may come from any thread."""

    @property
    def role(self) -> Role: ...
    def tell(self, text: str) -> None: ...
    def show(self, frame: bytes) -> None: ...


@dataclass
class ViewerCredit:
    """What a session knows of a viewer: frames it may be sent, and the last picture it was sent."""

    credit: int = CREDIT
    seen: int = -1


class FlowControl:
    """The viewers of one session. Only the session's owner calls."""

    def __init__(self) -> None:
        self._credits: dict[Subscriber, ViewerCredit] = {}

    def __len__(self) -> int:
        return len(self._credits)

    def __contains__(self, viewer: Subscriber) -> bool:
        return viewer in self._credits

    def add(self, viewer: Subscriber) -> None:
        """A viewer came."""
        self._credits[viewer] = ViewerCredit()

    def remove(self, viewer: Subscriber) -> None:
        """A viewer went, if it was here."""
        self._credits.pop(viewer, None)

    def credit(self, viewer: Subscriber) -> None:
        """A viewer drew a frame; no more are due than were sent."""
        add = self._credits[viewer]
        add.credit = min(CREDIT, add.credit + 1)

    def refresh(self) -> None:
        """A new scene: frames of the old one are dropped unseen, so the credit they took is given back."""
        for add in self._credits.values():
            add.credit, add.seen = CREDIT, -1

    def has_credit(self) -> bool:
        """Whether somebody may be sent a frame."""
        return any(add.credit > 0 for add in self._credits.values())

    def waits_for(self, picture: int) -> bool:
        """Whether somebody who may be sent a frame has not seen this picture."""
        return any(add.credit > 0 and add.seen != picture for add in self._credits.values())

    def show(self, picture: int, observe: Callable[[], bytes]) -> None:
        """Send a picture to everybody who waits for it; it is taken and encoded once, if at all."""
        if not self.waits_for(picture):
            return
        frame = observe()
        for viewer, add in self._credits.items():
            if add.credit > 0 and add.seen != picture:
                add.credit -= 1
                add.seen = picture
                viewer.show(frame)

    def tell(self, event: Event) -> None:
        """Send an event to everybody; it is encoded once."""
        if self._credits:
            text = encode_event(event)
            for viewer in self._credits:
                viewer.tell(text)
