package comfyserverless.runner.nodes.media;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Video;
import comfyserverless.runner.media.MediaException;
import comfyserverless.runner.media.MediaFile;
import comfyserverless.runner.media.VideoCodec;
import comfyserverless.runner.media.VideoWriter;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.save.FileSaver;
import comfyserverless.runner.nodes.save.Saving;
import java.util.List;
import java.util.Map;

/// The nodes that save videos (nodes_video, ComfyUI 0.3.64).
public final class VideoSavers {
    private VideoSavers() {}

    public static Node saveWebm(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveWEBM", "comfy_extras.nodes_video")
                        .displayed(null)
                        .category("image/video")
                        .required("images", link("IMAGE"))
                        .required(
                                "filename_prefix",
                                text().preset("ComfyUI").with("multiline", false))
                        .required("codec", choice("vp9", "av1"))
                        .required("fps", decimal(24).between(0.01, 1000).step(0.01))
                        .required(
                                "crf",
                                decimal(32)
                                        .between(0, 63)
                                        .step(1)
                                        .tooltip("Less is better and larger: 0 to 63."))
                        .hidden("prompt", new Hidden(Hidden.PROMPT, true))
                        .hidden("extra_pnginfo", new Hidden(Hidden.EXTRA_PNGINFO, true))
                        .outputNode()
                        .trait(Trait.EXPERIMENTAL)
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Image images = in.image("images");
                    FileSaver files =
                            saving.begin(
                                    FileType.OUTPUT,
                                    in.text("filename_prefix"),
                                    images.width(),
                                    images.height(),
                                    context);
                    VideoCodec codec =
                            in.text("codec").equals("av1") ? VideoCodec.AV1 : VideoCodec.VP9;
                    VideoWriter.Encoding encoding =
                            new VideoWriter.Encoding(
                                    "webm", codec, in.decimal("crf"), saving.texts(in));
                    Video.Frames video = new Video.Frames(images, null, in.decimal("fps"));
                    files.save(
                            0,
                            "webm",
                            MediaErrors.named(
                                    () -> VideoWriter.write(video, encoding, context::checkStop)));
                    return animated(files.saved());
                });
    }

    public static Node saveVideo(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveVideo", "comfy_extras.nodes_video")
                        .displayed("Save Video")
                        .category("image/video")
                        .describe("Saves a video in the output folder.")
                        .required("video", link("VIDEO").tooltip("What to save."))
                        .required(
                                "filename_prefix",
                                text().preset("video/ComfyUI")
                                        .with("multiline", false)
                                        .tooltip(
                                                "How the name begins; may hold folders and %width%, %height% and the like."))
                        .required(
                                "format",
                                choice("auto", "mp4").preset("auto").tooltip("The kind of file."))
                        .required(
                                "codec",
                                choice("auto", "h264")
                                        .preset("auto")
                                        .tooltip(
                                                "How the frames are encoded; a loaded file that has it already is copied."))
                        .hidden("prompt", new Hidden(Hidden.PROMPT, true))
                        .hidden("extra_pnginfo", new Hidden(Hidden.EXTRA_PNGINFO, true))
                        .outputNode()
                        .trait(Trait.NEWER_STYLE)
                        .build(),
                (in, context) -> {
                    Video video = in.video("video");
                    Map<String, String> texts = saving.texts(in);
                    Sized mp4 =
                            MediaErrors.named(() ->
                                    switch (video) {
                                        case Video.Frames frames -> encoded(frames, texts, context);
                                        case Video.Encoded file -> copied(file, in, texts, context);
                                    });
                    FileSaver files =
                            saving.begin(
                                    FileType.OUTPUT,
                                    in.text("filename_prefix"),
                                    mp4.width(),
                                    mp4.height(),
                                    context);
                    files.save(0, "mp4", mp4.content());
                    return animated(files.saved());
                });
    }

    /// What clients take for a moving picture.
    static Outputs animated(ArrayNode saved) {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.set("images", saved);
        shown.putArray("animated").add(true);
        return new Outputs(List.of(), shown, null);
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Sized(byte[] content, int width, int height) {}

    private static Sized encoded(
            Video.Frames video, Map<String, String> texts, NodeContext context) {
        VideoWriter.Encoding encoding =
                new VideoWriter.Encoding("mp4", VideoCodec.H264, null, texts);
        return new Sized(
                VideoWriter.write(video, encoding, context::checkStop),
                video.images().width(),
                video.images().height());
    }

    /// Keeps the file's streams where the wanted format and codec allow it.
    private static Sized copied(
            Video.Encoded file, Inputs in, Map<String, String> texts, NodeContext context) {
        try (MediaFile media = MediaFile.open(file.content(), file.name())) {
            String codec = in.text("codec");
            boolean fits =
                    (in.text("format").equals("auto")
                                    || List.of(media.container().split(",", -1)).contains("mp4"))
                            && (codec.equals("auto") || codec.equals(media.videoCodec()));
            if (fits) {
                try {
                    return new Sized(media.rewrapped(texts), media.width(), media.height());
                } catch (MediaException e) {
                    // streams that MP4 cannot hold are encoded anew
                }
            }
        }
        return encoded(VideoNodes.frames(file, context), texts, context);
    }
}
