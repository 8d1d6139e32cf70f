"""Clients that do harm, for `benchmarks/rehearsal.py`: each is a coroutine that runs until it is cancelled.

python -m benchmarks.attacks NAME PORT WATCH_NAME --seconds 5
"""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from benchmarks.pages import ACK, Page, connect, framed
from gan1d.config.model import Config

EMPTY_PING, EMPTY_PONG = b"\x89\x80" + bytes(4), b"\x8a\x80" + bytes(4)
BEGINNING_PART, EMPTY_PART = b"\x01\x80" + bytes(4), b"\x00\x80" + bytes(4)
LARGEST = [256] * 6


@dataclass(frozen=True)
class Attack:
    """An attack.

    Attributes:
        run: Does harm to the server at a port, as a page that knows the link for watching the honest page.
        files: Limit of open files of the server; None for the usual one.
    """

    run: Callable[[int, str], Awaitable[None]]
    files: int | None = None


async def greeted(port: int, session: str | None = None) -> Page:
    page = await connect(port, session)
    await page.greeted
    return page


async def play_with(port: int, **settings: object) -> None:
    page = await greeted(port)
    for path, value in settings.items():
        page.say(type="set", path=path.replace("__", "."), value=value)
    page.say(type="playback", speed="max")
    page.say(type="play")
    await asyncio.sleep(1000)


async def nothing(port: int, _: str) -> None:
    """nothing"""
    await asyncio.sleep(1000)


async def largest_step(port: int, _: str) -> None:
    """the largest networks, batch, updates and lookahead, played"""
    await play_with(port, generator__hidden=LARGEST, discriminator__hidden=LARGEST, batch_size=4096,
                    generator__lookahead={"kind": "unrolled", "steps": 20}, discriminator_steps=20,
                    generator_steps=20)  # fmt: skip


async def long_step(port: int, _: str) -> None:
    """4×128 units, batch 2,048 and 5 updates of D, played"""
    layers = [128] * 4
    await play_with(
        port, generator__hidden=layers, discriminator__hidden=layers, batch_size=2048, discriminator_steps=5
    )


async def layers_and_leave(port: int, _: str) -> None:
    """600 changes of layers, then leaving, again and again"""
    while True:
        page = await greeted(port)
        for n in range(600):
            page.say(type="set", path=("generator.hidden", "discriminator.hidden")[n % 2], value=[20 + n % 60] * 3)
        await asyncio.sleep(0.1)
        page.leave()


async def join_and_leave(port: int, watch: str) -> None:
    """joining by the link for watching, and leaving, as often as possible"""
    while True:
        page = await connect(port, watch)
        await asyncio.sleep(0.001)
        page.leave()


async def new_sessions(port: int, _: str) -> None:
    """opening sessions, and leaving, as often as possible"""
    while True:
        page = await connect(port)
        await asyncio.sleep(0.005)
        page.leave()


async def pings(port: int, watch: str) -> None:
    """pings without end, whose answers are not read"""
    while True:
        page = await greeted(port, watch)
        page.transport.pause_reading()
        while not page.transport.is_closing():
            page.transport.write(EMPTY_PING * 20_000)
            await asyncio.sleep(0.01)
            if page.transport.get_write_buffer_size() > 2**23:
                await asyncio.sleep(0.1)


async def pongs(port: int, watch: str) -> None:
    """pongs without end, without a ping before them"""
    await flood(port, watch, EMPTY_PONG * 20_000)


async def parts(port: int, watch: str) -> None:
    """a message in empty parts without end"""
    await flood(port, watch, EMPTY_PART * 20_000)


async def flood(port: int, watch: str, packet: bytes) -> None:
    while True:
        page = await greeted(port, watch)
        page.transport.write(BEGINNING_PART)
        while not page.transport.is_closing():
            if page.transport.get_write_buffer_size() < 2**20:
                page.transport.write(packet)
            await asyncio.sleep(0.001)


async def logs(port: int, _: str) -> None:
    """logs of 1,000 changes to begin with, as often as possible"""
    page, events = await greeted(port), "".join(f'[{n},"set",{{"batch_size":{4 + n % 9}}}]\n' for n in range(1500))
    header = json.dumps({"gan1d_log": 1, "fingerprint": {}, "config": Config().model_dump(mode="json")})
    text = f"{header}\n{events}"
    while True:
        page.say(type="load_log", text=text)
        await asyncio.sleep(0.01)


async def recordings(port: int, _: str) -> None:
    """logs of 20,000 bookmarks for a file, as often as possible"""
    header = json.dumps({"gan1d_log": 1, "fingerprint": {}, "config": Config().model_dump(mode="json")})
    marks = "".join(f'[{n},"mark","x"]\n' for n in range(19_990))
    await posts(port, "/recording", f'{header}\n{marks}[{10**9},"end",{{"digest":"","diverged":false}}]\n'.encode())


async def texts(port: int, _: str) -> None:
    """4 texts at a time that take long to read, as often as possible"""
    texts = (b"1\n" + b"-" * 200_000 + b"x\n", b"[" + b"0.5," * 260_000 + b"1]",
             b"[(1,)," + b"(1,)," * 1_600 + b"(1,)]", b"[(1,)," + b"(1,)," * 200_000 + b"(1,)]")  # fmt: skip
    await asyncio.gather(*(posts(port, "/numbers", text) for text in texts))


async def posts(port: int, path: str, body: bytes) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + body)
        await reader.read()
        writer.close()


async def acknowledgements(port: int, watch: str) -> None:
    """acknowledgements without end"""
    page = await greeted(port, watch)
    while True:
        if page.transport.get_write_buffer_size() < 2**20:
            page.transport.write(ACK * 5_000)
        await asyncio.sleep(0.001)


async def commands(port: int, _: str) -> None:
    """commands without end"""
    page, command = await greeted(port), framed(b'{"type":"set","path":"batch_size","value":64}')
    while True:
        if page.transport.get_write_buffer_size() < 2**20:
            page.transport.write(command * 2_000)
        await asyncio.sleep(0.001)


async def never_read(port: int, watch: str) -> None:
    """50 pages that read nothing"""
    for _ in range(50):
        (await greeted(port, watch)).transport.pause_reading()
    await asyncio.sleep(1000)


async def unread(port: int, _: str) -> None:
    """200 connections that read no response, at 256 open files"""
    requests = f"GET /js/main.js HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode() * 300
    kept = []
    for _ in range(200):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1)
            writer.write(requests)
            kept.append((reader, writer))
        except OSError:
            await asyncio.sleep(0.01)
    await asyncio.sleep(1000)


async def silence(port: int, _: str) -> None:
    """300 connections without a request, at 256 open files"""
    kept = []
    for _ in range(300):
        try:
            kept.append(await asyncio.open_connection("127.0.0.1", port))
        except OSError:
            await asyncio.sleep(0.01)
    await asyncio.sleep(1000)


async def followers(port: int, watch: str) -> None:
    """260 followers, at 256 open files"""
    kept = []
    for _ in range(260):
        try:
            kept.append(await connect(port, watch))
        except OSError:
            await asyncio.sleep(0.01)
    await asyncio.sleep(1000)


async def refusals(port: int, _: str) -> None:
    """refused origins, as often as possible"""
    request = f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nOrigin: https://evil.example\r\n\r\n"
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request.encode())
        await reader.read(100)
        writer.close()


async def page_loads(port: int, _: str) -> None:
    """files of the page, as often as possible"""
    request = (
        f"GET /js/main.js HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n"
    )
    while True:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request.encode())
        await reader.read()
        writer.close()


ALL = (nothing, largest_step, long_step, layers_and_leave, join_and_leave, new_sessions, pings, pongs, parts, logs,
       recordings, texts, acknowledgements, commands, never_read, unread, silence, followers, refusals,
       page_loads)  # fmt: skip
FEW_FILES = {unread: 256, silence: 256, followers: 256}

ATTACKS = {function.__name__: Attack(function, FEW_FILES.get(function)) for function in ALL}


async def run(name: str, port: int, watch: str, seconds: float) -> None:
    """Attack for some time, and again if the server ends the connection."""
    try:
        async with asyncio.timeout(seconds):
            while True:
                try:
                    await ATTACKS[name].run(port, watch)
                except OSError:
                    await asyncio.sleep(0.01)
    except TimeoutError:
        return


def main() -> None:
    """Attack from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=ATTACKS)
    parser.add_argument("port", type=int)
    parser.add_argument("watch")
    parser.add_argument("--seconds", type=float, default=5.0)
    arguments = parser.parse_args()
    asyncio.run(run(arguments.name, arguments.port, arguments.watch, arguments.seconds))


if __name__ == "__main__":
    main()
