#!/usr/bin/env python3
"""How long requests and trivial jobs take on whole servers, side by side, with a client connected.

    python localstack/bench/load.py --base-url http://127.0.0.1:8188 [--base-url http://127.0.0.1:8189 ...]
                                    [--rounds 5] [--queue 1000]

Each round measures every figure on each server in turn, so that all of them meet the same machine; the table shows
medians over all rounds in milliseconds and how many times as fast the first server is as each of the others.
--queue N fills each queue with N prompts behind a node that sleeps (TestSleep of the testing nodes must be there)
and reads it, 0 leaves that out. Standard library only.
"""
import argparse
import http.client
import json
import statistics
import time
import uuid
from urllib.parse import urlsplit

from client import Socket

POSTS = 40
READS = 30


def trivial(text):
    return {"1": {"class_type": "PreviewAny", "inputs": {"source": text}}}


def sleeper(seconds):
    return {
        "1": {"class_type": "TestSleep", "inputs": {"value": uuid.uuid4().hex, "seconds": seconds}},
        "2": {"class_type": "PreviewAny", "inputs": {"source": ["1", 0]}},
    }


class Server:
    def __init__(self, base):
        self.base = base
        self.client = uuid.uuid4().hex
        self.socket = Socket(base, self.client)
        url = urlsplit(base)
        self.connection = http.client.HTTPConnection(url.hostname, url.port, timeout=600)
        self.times = {}

    def call(self, method, path, body=None, headers=None):
        """The answer's body and how many milliseconds it took."""
        data = None if body is None else json.dumps(body).encode()
        sent = {"Content-Type": "application/json"} if data else {}
        began = time.perf_counter()
        self.connection.request(method, path, data, sent | (headers or {}))
        response = self.connection.getresponse()
        answer = response.read()
        took = (time.perf_counter() - began) * 1e3
        if response.status >= 400:
            raise RuntimeError(f"{method} {self.base}{path}: {response.status} {answer[:300]!r}")
        return answer, took

    def note(self, name, milliseconds):
        self.times.setdefault(name, []).append(milliseconds)

    def read(self, name, path, headers=None):
        for _ in range(READS):
            self.note(name, self.call("GET", path, headers=headers)[1])

    def job(self, text):
        """Milliseconds from POST /prompt to its answer, to execution_success and to the very last message."""
        began = time.perf_counter()
        answer, posted = self.call("POST", "/prompt", {"prompt": trivial(text), "client_id": self.client})
        prompt = json.loads(answer)["prompt_id"]
        success = None
        while True:
            message = self.socket.message()
            data = message.get("data") or {}
            if data.get("prompt_id") != prompt:
                continue
            at = (time.perf_counter() - began) * 1e3
            if message["type"] == "execution_success":
                success = at
            if message["type"] == "executing" and data.get("node") is None:
                return posted, success, at

    def idle(self):
        while json.loads(self.call("GET", "/prompt")[0])["exec_info"]["queue_remaining"]:
            time.sleep(0.02)

    def round(self):
        self.read("GET /object_info", "/object_info")
        self.read("GET /object_info, gzip", "/object_info", {"Accept-Encoding": "gzip"})
        self.read("GET /object_info/PreviewAny", "/object_info/PreviewAny")
        self.read("GET /prompt", "/prompt")
        for _ in range(POSTS):
            self.note("POST /prompt, no client", self.call("POST", "/prompt", {"prompt": trivial(uuid.uuid4().hex)})[1])
        self.idle()
        same = uuid.uuid4().hex
        for name, text in (("trivial job", lambda: uuid.uuid4().hex), ("cached job", lambda: same)):
            for _ in range(POSTS):
                posted, success, last = self.job(text())
                self.note(f"{name}: POST /prompt", posted)
                self.note(f"{name}: execution_success", success)
                self.note(f"{name}: last message", last)
        began = time.perf_counter()
        for _ in range(POSTS):
            self.call("POST", "/prompt", {"prompt": trivial(uuid.uuid4().hex)})
        self.idle()
        self.note("a job, many at once", (time.perf_counter() - began) * 1e3 / POSTS)
        self.read("GET /history?max_items=100", "/history?max_items=100")

    def fill(self, count):
        self.call("POST", "/prompt", {"prompt": sleeper(600.0)})
        for i in range(count):
            self.note(f"POST /prompt, up to {count} before it", self.call("POST", "/prompt", {"prompt": trivial(str(i))})[1])
        for _ in range(READS):
            self.call("GET", "/queue")
        self.read(f"GET /queue of {count}", "/queue")
        self.call("POST", "/queue", {"clear": True})
        self.call("POST", "/interrupt", {})
        self.idle()


def table(servers):
    print("| | " + " | ".join(server.base for server in servers) + " | times as fast |")
    print("|---" * (len(servers) + 2) + "|")
    for name in servers[0].times:
        medians = [statistics.median(server.times[name]) for server in servers]
        ratios = ", ".join(f"{median / medians[0]:.2g}" for median in medians[1:])
        print(f"| {name} | " + " | ".join(f"{median:.1f}" for median in medians) + f" | {ratios or '-'} |")
    sizes = [len(server.call("GET", "/object_info")[0]) for server in servers]
    print("| bytes of /object_info | " + " | ".join(str(size) for size in sizes) + " | |")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", action="append", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--queue", type=int, default=1000)
    arguments = parser.parse_args()
    servers = [Server(base) for base in arguments.base_url]
    for server in servers:
        for _ in range(200):
            server.job(uuid.uuid4().hex)
    for _ in range(arguments.rounds):
        for server in servers:
            server.round()
    if arguments.queue:
        for server in servers:
            server.fill(arguments.queue)
    table(servers)


if __name__ == "__main__":
    main()
