"""How long a function takes from the start of its process to ready, and to its first answer.

Plays Lambda's runtime API for the official runtime interface client: starts `HttpEntry` as Lambda would, without a snapshot,
and asks it GET /prompt, which reads the table. Three ways of starting in turns, medians of all rounds:

    plain   C1 only, as Lambda's java25 runtime without SnapStart
    cds     the same with a class-data archive of an earlier run
    aot     the same with the JDK's ahead-of-time cache of an earlier run

    localstack/deploy --ministack --endpoint http://127.0.0.1:4566 --no-runner     (leaves the zip and the environment)
    python localstack/bench/function-start.py [--rounds 7]
"""

import argparse
import http.server
import json
import os
import queue
import statistics
import subprocess
import tempfile
import threading
import time
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CLIENT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
EVENT = {
    "version": "2.0",
    "rawPath": "/prompt",
    "headers": {"host": "localhost"},
    "requestContext": {"http": {"method": "GET"}},
}


class RuntimeApi(http.server.ThreadingHTTPServer):
    """Hands out one event, keeps what comes back and when."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked = queue.Queue()
        self.answered = queue.Queue()
        self.given = threading.Event()
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.server.given.is_set():
            threading.Event().wait()  # there is no second event
        self.server.given.set()
        self.server.asked.put(time.perf_counter())
        body = json.dumps(EVENT).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(time.time() * 1000) + 29_000))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", "arn:aws:lambda:us-east-1:0:function:http")
        self.send_header("Lambda-Runtime-Trace-Id", "Root=1-0-0;Sampled=0")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.answered.put((time.perf_counter(), self.path, body))
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


def start(code, options, environment):
    """One process: (ms to its first question for an event, ms from there to its answer)."""
    api = RuntimeApi()
    command = [java(), "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", *options]
    command += ["-cp", classpath(code), CLIENT]
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*command, "comfyserverless.handlers.HttpEntry::handleRequest"],
        env={
            **os.environ,
            **environment,
            "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:%d" % api.server_port,
            "LAMBDA_TASK_ROOT": str(code),
            "AWS_LAMBDA_FUNCTION_NAME": "http",
            "AWS_LAMBDA_FUNCTION_VERSION": "1",
            "AWS_LAMBDA_LOG_GROUP_NAME": "http",
            "AWS_LAMBDA_LOG_STREAM_NAME": "http",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        asked = api.asked.get(timeout=60)
        answered, path, body = api.answered.get(timeout=60)
        answer = json.loads(body)
        assert path.endswith("/response") and answer["statusCode"] == 200, (path, body[:300])
    finally:
        process.terminate()  # an archive is written on the way out
        process.wait()
        api.shutdown()
    return (asked - begun) * 1e3, (answered - asked) * 1e3


def java():
    home = os.environ.get("JAVA_HOME")
    return str(Path(home, "bin", "java")) if home else "java"


def classpath(code):
    # the same text each time: archives are only taken for the class path that they were made with
    return ":".join(str(jar) for jar in sorted(code.glob("lib/*.jar")))


def environment():
    lines = Path(ROOT, "localstack/target/deploy/runner.env").read_text().splitlines()
    return {name: value.strip("'") for name, value in (line.split("=", 1) for line in lines)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    rounds = parser.parse_args().rounds
    variables = {**environment(), "COMFY_AUTH": "none"}
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder, "code")
        with zipfile.ZipFile(ROOT / "localstack/target/deploy/function-with-runtime.zip") as archive:
            archive.extractall(code)
        cds, aot = Path(folder, "app.jsa"), Path(folder, "app.aot")
        start(code, ["-XX:ArchiveClassesAtExit=%s" % cds], variables)
        start(code, ["-XX:AOTCacheOutput=%s" % aot], variables)
        ways = {
            "plain": [],
            "cds": ["-XX:SharedArchiveFile=%s" % cds],
            "aot": ["-XX:AOTCache=%s" % aot],
        }
        times = {way: [] for way in ways}
        for _ in range(rounds):
            for way, options in ways.items():
                times[way].append(start(code, options, variables))
        print("archives: cds %d MB, aot %d MB" % (cds.stat().st_size >> 20, aot.stat().st_size >> 20))
    print("| start | ready, ms | first answer, ms | both, ms | ratio |\n|---|---|---|---|---|")
    both = {way: statistics.median(sum(pair) for pair in pairs) for way, pairs in times.items()}
    for way, pairs in times.items():
        ready = statistics.median(pair[0] for pair in pairs)
        first = statistics.median(pair[1] for pair in pairs)
        ratio = both[way] / both["plain"]
        print("| %s | %.0f | %.0f | %.0f | %.2f |" % (way, ready, first, both[way], ratio))


if __name__ == "__main__":
    main()
