"""A client of a ComfyUI server, for measuring: one socket, one request at a time. Standard library only."""
import base64
import http.client
import json
import os
import socket
import struct
import time
import uuid
from urllib.parse import urlsplit


class Refused(Exception):
    """The server did not take a prompt, or its run failed."""


class Socket:
    """The client's end of a WebSocket: reads messages, answers pings, counts bytes."""

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
        self.received = self.largest = 0

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
                    whole = b"".join(parts)
                    self.received += len(whole)
                    self.largest = max(self.largest, len(whole))
                    if text:
                        return json.loads(whole)
                    parts, text = [], False


class Client:
    def __init__(self, base):
        self.base = base
        self.name = uuid.uuid4().hex
        self.socket = Socket(base, self.name)

    def post(self, graph):
        """The prompt's id."""
        url = urlsplit(self.base)
        connection = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
        body = json.dumps({"prompt": graph, "client_id": self.name})
        connection.request("POST", "/prompt", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        answer = response.read()
        connection.close()
        if response.status != 200:
            raise Refused(f"{response.status} {answer[:300].decode(errors='replace')}")
        return json.loads(answer)["prompt_id"]

    def until_end(self, prompt):
        """The messages of a prompt with the time at which each came, to the one that says that nothing runs."""
        while True:
            message = self.socket.message()
            yield time.perf_counter(), message
            data = message.get("data") or {}
            if message["type"] == "execution_error":
                raise Refused(f"execution_error: {data.get('exception_message')}")
            if message["type"] == "executing" and data.get("node") is None and data.get("prompt_id") == prompt:
                return
