"""The connection: its subprotocol, the roles of viewers, and why it is closed."""

from enum import IntEnum
from typing import Final, Literal

PROTOCOL: Final = 1
SUBPROTOCOL: Final = "gan1d.v1"

LOST_SECONDS: Final = 12.0
"""Silence after which a page regards the connection as lost; the server speaks at least every 6 seconds."""

Role = Literal["driver", "viewer"]
Reaction = Literal["reconnect", "wait", "end", "reload"]


class Close(IntEnum):
    """Why the server closes a connection, and how the page reacts.

    Codes below 4000 are those of RFC 6455, section 7.4; codes from 4000 on belong to gan1d. Reactions:

        reconnect    connect again soon, to the same session
        wait         connect again until there is a place
        end          stay closed; a new connection without a session name begins a new session
        reload       load the page again, which is of another version
    """

    NORMAL = 1000, "Goodbye.", "reconnect"
    STOPPING = 1001, "The server is stopping.", "reconnect"
    BROKEN = 1011, "Something went wrong in the server; its log says what.", "reconnect"
    TOO_SLOW = 4001, "This page reads too slowly, so the server let it go.", "reconnect"
    FULL = 4002, "All places are taken. Close another gan1d page, or raise --max-sessions.", "wait"
    EXPIRED = 4003, "This session was idle, and its place was needed.", "end"
    UNSUPPORTED_PROTOCOL = 4004, f"This page speaks another protocol than {SUBPROTOCOL}. Reload it.", "reload"
    SESSION_ENDED = 4005, "The session to watch is not running; this page waits for its driver.", "wait"
    CROWDED = 4006, "As many pages show this session as it can have.", "wait"
    NO_TOKEN = 4007, "Training here needs the token in the address that the server has printed.", "end"

    reason: str
    reaction: Reaction

    def __new__(cls, code: int, reason: str, reaction: Reaction) -> "Close":
        member = int.__new__(cls, code)
        member._value_ = code
        member.reason, member.reaction = reason, reaction
        return member
