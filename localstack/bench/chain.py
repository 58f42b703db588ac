#!/usr/bin/env python3
"""What a trivial node costs: graphs of them through whole servers, with a client connected.

    python localstack/bench/chain.py --base-url http://127.0.0.1:8188 [--base-url http://127.0.0.1:8189 ...]
                                     [--shape chain|pairs] [--nodes 500,5000] [--rounds 5]

Each round sends one graph to each server in turn, so that all of them meet the same machine. A chain has each node
behind the one before it; pairs are one node, half of the nodes behind it, and the rest joins two and two down to one.
Printed for each server and size: the median and the best of the milliseconds a node from POST /prompt to the last
message, the part that POST /prompt itself took, and what came over the socket. A server that refuses a graph is
listed with its answer. Standard library only.
"""
import argparse
import statistics
import time
import uuid

from client import Client, Refused


def join(first, second):
    return {
        "class_type": "StringConcatenate",
        "inputs": {"string_a": first, "string_b": second, "delimiter": ""},
    }


def shown(node):
    return {"class_type": "PreviewAny", "inputs": {"source": [node, 0]}}


def chain(count, salt):
    """So many nodes, each with the one before it, the last one an output node."""
    graph = {"0": join(salt, "")}
    for i in range(1, count - 1):
        graph[str(i)] = join([str(i - 1), 0], "")
    graph[str(count - 1)] = shown(str(count - 2))
    return graph


def pairs(count, salt):
    """One node, half of the count behind it, and these joined two and two."""
    graph = {"0": join(salt, "")}
    row = []
    for i in range(1, count // 2 + 1):
        graph[str(i)] = join(["0", 0], str(i))
        row.append(str(i))
    while len(row) > 1:
        above = []
        for first, second in zip(row[::2], row[1::2]):
            above.append(str(len(graph)))
            graph[above[-1]] = join([first, 0], [second, 0])
        row = above + ([row[-1]] if len(row) % 2 else [])
    graph[str(len(graph))] = shown(row[0])
    return graph


SHAPES = {"chain": chain, "pairs": pairs}


def measure(client, graph):
    """Seconds of the whole and of POST /prompt, messages, their bytes and the largest one's; or the refusal."""
    client.socket.received = client.socket.largest = 0
    began = time.perf_counter()
    try:
        prompt = client.post(graph)
        posted = time.perf_counter()
        times = [at for at, _ in client.until_end(prompt)]
    except Refused as refusal:
        return refusal
    return times[-1] - began, posted - began, len(times), client.socket.received, client.socket.largest


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base-url", action="append", required=True)
    parser.add_argument("--shape", choices=SHAPES, default="chain")
    parser.add_argument("--nodes", default="500,5000")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    graph = SHAPES[arguments.shape]
    clients = [Client(base) for base in arguments.base_url]
    for client in clients:
        for _ in range(3):
            measure(client, chain(50, uuid.uuid4().hex))
    for count in [int(n) for n in arguments.nodes.split(",")]:
        results = {client: [] for client in clients}
        for _ in range(arguments.rounds):
            for client, runs in results.items():
                if not runs or isinstance(runs[-1], tuple):
                    runs.append(measure(client, graph(count, uuid.uuid4().hex)))
        for client, runs in results.items():
            if not isinstance(runs[-1], tuple):
                print(f"{count} nodes  {client.base}  refused: {runs[-1]}")
                continue
            whole = [run[0] / count * 1e3 for run in runs]
            _, _, messages, received, largest = runs[-1]
            print(
                f"{count} nodes  {client.base}  {statistics.median(whole):.3f} ms a node (best {min(whole):.3f}), "
                f"POST {statistics.median(run[1] for run in runs) * 1e3:.0f} ms, {messages} messages, "
                f"{received / 1e6:.2f} MB, the largest {largest / 1e3:.0f} KB",
                flush=True,
            )


if __name__ == "__main__":
    main()
