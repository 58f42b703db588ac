import json
import os
import subprocess
import sys
import tempfile
import urllib.request
from urllib.parse import urlsplit

base, workflow, picture = sys.argv[1:]
server = urlsplit(base)
comfy = os.path.join(os.path.dirname(sys.executable), "comfy")
with tempfile.TemporaryDirectory() as home:
    run = subprocess.run(
        [comfy, "--skip-prompt", "--no-enable-telemetry", "run", "--workflow", workflow, "--wait"]
        + ["--host", server.hostname, "--port", str(server.port)],
        env={**os.environ, "HOME": home},
        stdout=subprocess.PIPE,
        text=True,
    )
print(run.stdout)
assert run.returncode == 0, run.returncode
[answer] = [json.loads(line) for line in run.stdout.splitlines() if line.startswith("{")]
assert answer["ok"] and answer["data"]["status"] == "completed", answer
[url] = answer["data"]["outputs"]
open(picture, "wb").write(urllib.request.urlopen(url).read())
