"""The order of messages, and which of them are taken together."""

from gan1d.session.inbox import Inbox, Join, Leave
from gan1d.session.messages import Play, Set
from tests.session.fakes import FakeViewer

VIEWER, OTHER = FakeViewer(), FakeViewer()


def layers(size: int, player: str = "generator", *, reinitialize: bool = False) -> Set:
    return Set(path=f"{player}.hidden", value=[size], reinitialize=reinitialize)


def test_messages_come_out_in_order() -> None:
    inbox = Inbox()
    for item in (Join(), Play(), Leave()):
        inbox.put(VIEWER, item)
    assert len(inbox) == 3
    assert [inbox.take() for _ in range(3)] == [(VIEWER, item, []) for item in (Join(), Play(), Leave())]
    assert len(inbox) == 0


def test_values_of_one_setting_in_a_row_are_taken_together() -> None:
    inbox = Inbox()
    for size in (3, 4, 5):
        inbox.put(VIEWER, layers(size))
    inbox.put(VIEWER, Play())
    inbox.put(VIEWER, layers(6))
    assert inbox.take() == (VIEWER, layers(3), [[3], [4], [5]])
    assert inbox.take() == (VIEWER, Play(), [])
    assert inbox.take() == (VIEWER, layers(6), [[6]])


def test_another_setting_another_viewer_and_another_way_to_rebuild_stay_apart() -> None:
    inbox = Inbox()
    messages = [
        (VIEWER, layers(3)),
        (OTHER, layers(3)),
        (OTHER, layers(3, "discriminator")),
        (OTHER, layers(3, "discriminator", reinitialize=True)),
    ]
    for viewer, item in messages:
        inbox.put(viewer, item)
    assert [inbox.take()[:2] for _ in messages] == messages
