package comfyserverless.runner.nodes.media;

import static comfyserverless.contract.node.InputSpec.inputFile;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.node.InputOptions;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.media.MediaFile;
import comfyserverless.runner.nodes.save.FileMark;
import java.util.Map;

/// The nodes that load sounds: from files of sound or video.
public final class AudioLoaders {
    private AudioLoaders() {}

    public static Node loadAudio() {
        return new Loader(
                NodeDefinition.of("LoadAudio", "comfy_extras.nodes_audio")
                        .displayed("Load Audio")
                        .category("audio")
                        .required("audio", inputFile("audio", "video").with("audio_upload", true))
                        .output("AUDIO")
                        .build());
    }

    /// What the browser recorded is uploaded first; the input is its name.
    public static Node recordAudio() {
        return new Loader(
                NodeDefinition.of("RecordAudio", "comfy_extras.nodes_audio")
                        .displayed("Record Audio")
                        .category("audio")
                        .required(
                                "audio",
                                new InputSpec.Linked(
                                        "AUDIO_RECORD", new InputOptions(Map.of(), true)))
                        .output("AUDIO")
                        .build());
    }

    private record Loader(NodeDefinition definition) implements Node {
        @Override
        public Outputs run(Inputs in, NodeContext context) {
            String name = in.text("audio");
            byte[] content = context.files().read(name);
            return Outputs.of(
                    MediaErrors.named(() -> {
                        try (MediaFile file = MediaFile.open(content, name)) {
                            return file.sound();
                        }
                    }));
        }

        @Override
        public boolean marksChanges() {
            return true;
        }

        @Override
        public JsonNode changeMark(Inputs literals, NodeContext context) {
            return FileMark.of(context.files().read(literals.text("audio")));
        }
    }
}
