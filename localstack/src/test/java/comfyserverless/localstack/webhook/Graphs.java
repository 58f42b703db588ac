package comfyserverless.localstack.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;

/// Prompts that end in each of the ways.
public final class Graphs {
    private static final String TAKES_MINUTES =
            """
            {"1": {"class_type": "CheckpointLoaderSimple", "inputs": {"ckpt_name": "shapes-sd1.safetensors"}},
             "2": {"class_type": "CLIPTextEncode", "inputs": {"clip": ["1", 1], "text": "a red circle"}},
             "3": {"class_type": "EmptyLatentImage", "inputs": {"width": 128, "height": 128, "batch_size": 1}},
             "4": {"class_type": "KSampler", "inputs": {
                "model": ["1", 0], "positive": ["2", 0], "negative": ["2", 0], "latent_image": ["3", 0],
                "seed": 1, "steps": 10000, "cfg": 4.0, "sampler_name": "euler", "scheduler": "normal", "denoise": 1.0}},
             "5": {"class_type": "VAEDecode", "inputs": {"samples": ["4", 0], "vae": ["1", 2]}},
             "6": {"class_type": "PreviewImage", "inputs": {"images": ["5", 0]}}}
            """;

    private Graphs() {}

    /// Saves one picture.
    public static ObjectNode picture(int colour) {
        return saved(colour, "hook");
    }

    /// Saves outside of its folder, which nothing may.
    static ObjectNode failing() {
        return saved(0, "../../outside");
    }

    static ObjectNode longLasting() {
        return (ObjectNode) Json.read(TAKES_MINUTES);
    }

    private static ObjectNode saved(int colour, String prefix) {
        ObjectNode graph = Json.object();
        ObjectNode image = graph.putObject("1").put("class_type", "EmptyImage").putObject("inputs");
        image.put("width", 64).put("height", 64).put("batch_size", 1).put("color", colour);
        ObjectNode save = graph.putObject("2").put("class_type", "SaveImage").putObject("inputs");
        save.put("filename_prefix", prefix).putArray("images").add("1").add(0);
        return graph;
    }
}
