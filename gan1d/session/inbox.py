"""Messages that wait for a session."""

from collections import deque
from dataclasses import dataclass

from pydantic import JsonValue

from gan1d.session.flow_control import Subscriber
from gan1d.session.messages import SessionCommand, Set


@dataclass(frozen=True)
class Join:
    """A viewer has come; it is answered with a hello.

    Attributes:
        is_first: Whether the session begins with this viewer.
        catalog: Name of the catalog that the viewer has; "" for none.
    """

    is_first: bool = False
    catalog: str = ""


@dataclass(frozen=True)
class Leave:
    """A viewer has gone."""


InboxItem = SessionCommand | Join | Leave


class Inbox:
    """A queue of messages. Any thread may `put`; only the session's owner may `take`."""

    def __init__(self) -> None:
        self._items: deque[tuple[Subscriber, InboxItem]] = deque()

    def __len__(self) -> int:
        return len(self._items)

    def put(self, viewer: Subscriber, item: InboxItem) -> None:
        """Append a message."""
        self._items.append((viewer, item))

    def put_back(self, viewer: Subscriber, item: InboxItem, values: list[JsonValue]) -> None:
        """Undo `take`."""
        items = [item.model_copy(update={"value": value}) for value in values] if isinstance(item, Set) else [item]
        self._items.extendleft((viewer, item) for item in reversed(items))

    def take(self) -> tuple[Subscriber, InboxItem, list[JsonValue]]:
        """Remove the first message, and with a `Set` those right behind it that set the same path once more.

        A drag or a script may change layers a hundred times in a row, and each rebuild can take half a second; the
        session rebuilds a network for the last value only.

        Returns:
            The viewer, the message, and the values of all messages that were removed (none but for a `Set`).
        """
        viewer, item = self._items.popleft()
        if not isinstance(item, Set):
            return viewer, item, []
        values = [item.value]
        while self._items:
            author, following = self._items[0]
            if author is not viewer or not isinstance(following, Set):
                break
            if (following.path, following.reinitialize) != (item.path, item.reinitialize):
                break
            values.append(following.value)
            self._items.popleft()
        return viewer, item, values
