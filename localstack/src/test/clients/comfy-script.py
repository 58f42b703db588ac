import json
import sys

from comfy_script.runtime import load

base, workflow, picture = sys.argv[1:]
load(base + "/")  # makes a Python function of each class in /object_info

from comfy_script.runtime import Workflow
from comfy_script.runtime.nodes import (
    CheckpointLoaderSimple,
    CLIPTextEncode,
    EmptyLatentImage,
    KSampler,
    SaveImage,
    VAEDecode,
)

sampler = json.load(open(workflow))["3"]["inputs"]
with Workflow() as script:
    model, clip, vae = CheckpointLoaderSimple("shapes-sd1.safetensors")
    shown = CLIPTextEncode("a red circle on a blue background", clip)
    latent = EmptyLatentImage(128, 128, 1)
    latent = KSampler(
        model, sampler["seed"], 6, 4.5, "euler", "normal", shown, CLIPTextEncode("", clip), latent, 1
    )
    SaveImage(VAEDecode(latent, vae), "script")
[result] = script.task.wait()
result[0].save(picture)
