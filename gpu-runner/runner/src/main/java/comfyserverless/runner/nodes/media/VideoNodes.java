package comfyserverless.runner.nodes.media;

import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;
import comfyserverless.runner.media.MediaFile;
import comfyserverless.runner.nodes.SimpleNode;

/// The nodes that make videos of frames and sound, and take them apart.
public final class VideoNodes {
    private VideoNodes() {}

    public static Node createVideo() {
        return new SimpleNode(
                NodeDefinition.of("CreateVideo", "comfy_extras.nodes_video")
                        .displayed("Create Video")
                        .category("image/video")
                        .describe("Makes a video of pictures, perhaps with sound.")
                        .required("images", link("IMAGE").tooltip("The frames in order."))
                        .required("fps", decimal(30).between(1, 120).step(1))
                        .optional("audio", link("AUDIO").tooltip("Sound from the first frame on."))
                        .output("VIDEO")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Audio audio = in.has("audio") ? in.audio("audio") : null;
                    return Outputs.of(
                            new Video.Frames(in.image("images"), audio, in.decimal("fps")));
                });
    }

    public static Node getVideoComponents() {
        return new SimpleNode(
                NodeDefinition.of("GetVideoComponents", "comfy_extras.nodes_video")
                        .displayed("Get Video Components")
                        .category("image/video")
                        .describe("Gives the frames, the sound and the frame rate of a video.")
                        .required("video", link("VIDEO").tooltip("What to take apart."))
                        .output("IMAGE", "images")
                        .output("AUDIO", "audio")
                        .output("FLOAT", "fps")
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Video.Frames frames = frames(in.video("video"), context);
                    Audio audio = frames.audio();
                    return Outputs.of(
                            frames.images(),
                            audio == null ? new Value.Json(NullNode.getInstance()) : audio,
                            new Value.Json(DoubleNode.valueOf(frames.frameRate())));
                });
    }

    /// The frames of a video, decoded if it is a file.
    static Video.Frames frames(Video video, NodeContext context) {
        return switch (video) {
            case Video.Frames frames -> frames;
            case Video.Encoded file ->
                    MediaErrors.named(() -> {
                        try (MediaFile media = MediaFile.open(file.content(), file.name())) {
                            return media.frames(context::checkStop);
                        }
                    });
        };
    }
}
