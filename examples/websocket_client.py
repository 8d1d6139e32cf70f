"""Watch a run from another program, by the websocket protocol of docs/reference/protocol.md.

Start `gan1d --no-browser` first, then this; or give it the address of a server.
"""

import json
import struct
import sys

from websockets.sync.client import connect

HEADER = struct.Struct("<4sHHQ")  # "GAN1", version, scene, step


def watch(address: str, frames: int = 20) -> None:
    """Play, and print the step and the Wasserstein-1 distance of each frame.

    Args:
        address: Address of the server's socket.
        frames: How many frames to read.
    """
    with connect(address, subprotocols=["gan1d.v1"]) as socket:
        layout = json.loads(socket.recv())["layout"]
        socket.send(json.dumps({"type": "play"}))
        while frames:
            message = socket.recv()
            if isinstance(message, str):  # an event; a new scene has a new layout
                layout = json.loads(message).get("layout", layout)
                continue
            _, _, _, step = HEADER.unpack_from(message)
            offset = next(field["offset"] for field in layout if field["name"] == "wasserstein1")
            (distance,) = struct.unpack_from("<f", message, offset)
            print(f"step {step:6d}   W1 {distance:.4f}")
            socket.send(json.dumps({"type": "ack"}))  # makes room for the next frame
            frames -= 1


if __name__ == "__main__":
    watch(sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8765/ws")
