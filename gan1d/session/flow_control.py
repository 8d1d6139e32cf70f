"""Who looks at a session, and how many frames each may still be sent.

A frame costs credit and a drawn frame gives it back, so a viewer that draws nothing is sent nothing: a hidden tab needs
no code of its own. Whoever has not seen the present picture gets it as soon as there is credit, moving or not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal, Protocol

from gan1d.session.messages import Event, encode

CREDIT: Final = 2
"""Frames on their way to a viewer: one to draw, one to come. More only makes the picture older."""

Role = Literal["driver", "viewer"]


class Viewer(Protocol):
    """Somebody who watches. Both calls return at once, and may come from any thread."""

    @property
    def role(self) -> Role: ...
    def tell(self, text: str) -> None: ...
    def show(self, frame: bytes) -> None: ...


@dataclass
class Seat:
    """What a session knows of a viewer: frames it may be sent, and the last picture it was sent."""

    credit: int = CREDIT
    seen: int = -1


class Audience:
    """The viewers of one session. Only the session's owner calls."""

    def __init__(self) -> None:
        self._seats: dict[Viewer, Seat] = {}

    def __len__(self) -> int:
        return len(self._seats)

    def __contains__(self, viewer: Viewer) -> bool:
        return viewer in self._seats

    def seat(self, viewer: Viewer) -> None:
        """A viewer came."""
        self._seats[viewer] = Seat()

    def dismiss(self, viewer: Viewer) -> None:
        """A viewer went, if it was here."""
        self._seats.pop(viewer, None)

    def credit(self, viewer: Viewer) -> None:
        """A viewer drew a frame; no more are due than were sent."""
        seat = self._seats[viewer]
        seat.credit = min(CREDIT, seat.credit + 1)

    def refresh(self) -> None:
        """A new scene: frames of the old one are dropped unseen, so the credit they took is given back."""
        for seat in self._seats.values():
            seat.credit, seat.seen = CREDIT, -1

    def has_credit(self) -> bool:
        """Whether somebody may be sent a frame."""
        return any(seat.credit > 0 for seat in self._seats.values())

    def waits_for(self, picture: int) -> bool:
        """Whether somebody who may be sent a frame has not seen this picture."""
        return any(seat.credit > 0 and seat.seen != picture for seat in self._seats.values())

    def show(self, picture: int, look: Callable[[], bytes]) -> None:
        """Send a picture to everybody who waits for it; it is taken and encoded once, if at all."""
        if not self.waits_for(picture):
            return
        frame = look()
        for viewer, seat in self._seats.items():
            if seat.credit > 0 and seat.seen != picture:
                seat.credit -= 1
                seat.seen = picture
                viewer.show(frame)

    def tell(self, event: Event) -> None:
        """Send an event to everybody; it is encoded once."""
        if self._seats:
            text = encode(event)
            for viewer in self._seats:
                viewer.tell(text)
