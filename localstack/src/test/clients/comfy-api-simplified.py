import json
import sys

from comfy_api_simplified import ComfyApiWrapper, ComfyWorkflowWrapper

base, workflow, picture = sys.argv[1:]
graph = json.load(open(workflow))
for node in graph.values():
    node["_meta"] = {"title": node["class_type"]}  # this client finds nodes by their titles
titled = picture + ".json"
json.dump(graph, open(titled, "w"))

api = ComfyApiWrapper(base + "/")
wrapped = ComfyWorkflowWrapper(titled)
[(name, data)] = api.queue_and_wait_images(wrapped, "SaveImage").items()
open(picture, "wb").write(data)

sent = api.upload_image(picture)
assert sent["type"] == "input", sent
