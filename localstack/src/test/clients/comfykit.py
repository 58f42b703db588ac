import asyncio
import sys
import urllib.request

sys.path.pop(0)  # this script bears its client's name
from comfykit import ComfyKit

base, workflow, picture = sys.argv[1:]


async def main():
    for way in "http", "websocket":
        result = await ComfyKit(comfyui_url=base, executor_type=way).execute(workflow)
        assert result.status == "completed", (way, result)
        assert len(result.images) == 1, (way, result)
    open(picture, "wb").write(urllib.request.urlopen(result.images[0]).read())


asyncio.run(main())
