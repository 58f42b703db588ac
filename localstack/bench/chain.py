#!/usr/bin/env python3
"""What a trivial node costs: chains of them through whole servers, with a client connected.

    python localstack/bench/chain.py --base-url http://127.0.0.1:8188 [--base-url http://127.0.0.1:8189 ...]
                                     [--nodes 500,5000] [--rounds 5]

Each round sends one chain to each server in turn, so that all of them meet the same machine. Printed for each
server and length: the median and the best of the milliseconds a node from POST /prompt to the last message, the
part that POST /prompt itself took, and how many messages came. A server that refuses a chain is listed with the
status of its answer. Standard library only.
"""
import argparse
import base64
import http.client
import json
import os
import socket
import statistics
import struct
import time
import uuid
from urllib.parse import urlsplit


class Socket:
    """The client's end of a WebSocket: reads messages, answers pings."""

    def __init__(self, base, client):
        url = urlsplit(base)
        self.socket = socket.create_connection((url.hostname, url.port), timeout=600)
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /ws?clientId={client} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        self.stream = self.socket.makefile("rb", 1 << 16)
        while self.stream.readline() not in (b"\r\n", b""):
            pass

    def frame(self):
        first, second = self.stream.read(2)
        length = second & 127
        if length == 126:
            length = struct.unpack(">H", self.stream.read(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self.stream.read(8))[0]
        return first & 128, first & 15, self.stream.read(length)

    def pong(self, payload):
        mask = os.urandom(4)
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(payload))
        self.socket.sendall(bytes([0x8A, 0x80 | len(payload)]) + mask + masked)

    def message(self):
        """The next text message; others are passed over."""
        parts, text = [], False
        while True:
            last, kind, payload = self.frame()
            if kind == 9:
                self.pong(payload)
            elif kind == 8:
                raise ConnectionError("the server closed the socket")
            elif kind in (0, 1, 2):
                text = text or kind == 1
                parts.append(payload)
                if last:
                    if text:
                        return json.loads(b"".join(parts))
                    parts, text = [], False


def chain(count, salt):
    """So many nodes, each with the one before it, the last one an output node."""
    graph = {
        "0": {
            "class_type": "StringConcatenate",
            "inputs": {"string_a": salt, "string_b": "", "delimiter": ""},
        }
    }
    for i in range(1, count - 1):
        graph[str(i)] = {
            "class_type": "StringConcatenate",
            "inputs": {"string_a": [str(i - 1), 0], "string_b": "", "delimiter": ""},
        }
    graph[str(count - 1)] = {"class_type": "PreviewAny", "inputs": {"source": [str(count - 2), 0]}}
    return graph


class Server:
    def __init__(self, base):
        self.base = base
        self.client = uuid.uuid4().hex
        self.socket = Socket(base, self.client)

    def run(self, count):
        """Milliseconds of the whole and of POST /prompt, and the number of messages; or the refusal's status."""
        url = urlsplit(self.base)
        body = json.dumps({"prompt": chain(count, uuid.uuid4().hex), "client_id": self.client})
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
        began = time.perf_counter()
        connection.request("POST", "/prompt", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        posted = time.perf_counter()
        connection.close()
        if response.status != 200:
            return response.status
        prompt = json.loads(answer)["prompt_id"]
        messages = 0
        while True:
            message = self.socket.message()
            messages += 1
            data = message.get("data") or {}
            if message["type"] == "execution_error":
                return "execution_error"
            if message["type"] == "executing" and data.get("node") is None and data.get("prompt_id") == prompt:
                ended = time.perf_counter()
                return (ended - began) * 1e3, (posted - began) * 1e3, messages


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", action="append", required=True)
    parser.add_argument("--nodes", default="500,5000")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    servers = [Server(base) for base in arguments.base_url]
    for server in servers:
        for _ in range(3):
            server.run(50)
    for count in [int(n) for n in arguments.nodes.split(",")]:
        results = {server.base: [] for server in servers}
        for _ in range(arguments.rounds):
            for server in servers:
                if not results[server.base] or isinstance(results[server.base][-1], tuple):
                    results[server.base].append(server.run(count))
        for base, runs in results.items():
            if not isinstance(runs[-1], tuple):
                print(f"{count} nodes  {base}  refused: {runs[-1]}")
                continue
            whole = [run[0] / count for run in runs]
            print(
                f"{count} nodes  {base}  {statistics.median(whole):.3f} ms a node (best {min(whole):.3f}), "
                f"POST {statistics.median(run[1] for run in runs):.0f} ms, {runs[-1][2]} messages"
            )


if __name__ == "__main__":
    main()
