package comfyserverless.runner.nodes.image;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.flag;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.image.AnimatedPngWriter;
import comfyserverless.runner.image.ExifTexts;
import comfyserverless.runner.image.Pixels;
import comfyserverless.runner.image.WebpWriter;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.save.FileSaver;
import comfyserverless.runner.nodes.save.Saving;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The nodes that save a batch as one moving picture (nodes_images, ComfyUI 0.3.64).
public final class AnimationSavers {
    private static final int PROMPT_TAG = 0x0110;
    private static final List<String> METHODS = List.of("fastest", "default", "slowest");

    private AnimationSavers() {}

    public static Node saveAnimatedWebp(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveAnimatedWEBP", "comfy_extras.nodes_images")
                        .category("image/animation")
                        .required("images", link("IMAGE"))
                        .required("filename_prefix", text().preset("ComfyUI"))
                        .required("fps", decimal(6).between(0.01, 1000).step(0.01))
                        .required("lossless", flag(true))
                        .required("quality", integer(80).between(0, 100))
                        .required("method", choice("default", "fastest", "slowest"))
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build(),
                (in, context) -> {
                    WebpWriter.Encoding encoding =
                            new WebpWriter.Encoding(
                                    in.flag("lossless"),
                                    in.integer("quality"),
                                    Math.min(6, METHODS.indexOf(in.text("method")) * 4));
                    byte[] exif = ExifTexts.of(tagged(saving.texts(in)));
                    return saved(
                            in,
                            saving,
                            context,
                            "webp",
                            (frames, pause) -> WebpWriter.write(frames, pause, exif, encoding));
                });
    }

    public static Node saveAnimatedPng(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveAnimatedPNG", "comfy_extras.nodes_images")
                        .category("image/animation")
                        .required("images", link("IMAGE"))
                        .required("filename_prefix", text().preset("ComfyUI"))
                        .required("fps", decimal(6).between(0.01, 1000).step(0.01))
                        .required("compress_level", integer(4).between(0, 9))
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build(),
                (in, context) -> {
                    int level = in.integer("compress_level");
                    Map<String, String> texts = saving.texts(in);
                    return saved(
                            in,
                            saving,
                            context,
                            "png",
                            (frames, pause) ->
                                    AnimatedPngWriter.write(frames, pause, texts, level));
                });
    }

    @FunctionalInterface
    private interface Encoder {
        byte[] file(List<Pixels> frames, int milliseconds);
    }

    private static Outputs saved(
            Inputs in, Saving saving, NodeContext context, String extension, Encoder encoder) {
        Image images = in.image("images");
        FileSaver files =
                saving.begin(
                        FileType.OUTPUT,
                        in.text("filename_prefix"),
                        images.width(),
                        images.height(),
                        context);
        List<Pixels> frames = new ArrayList<>();
        for (int i = 0; i < images.batch(); i++) {
            context.checkStop();
            frames.add(PictureSaver.pixels(images, i));
        }
        files.save(0, extension, encoder.file(frames, (int) (1000.0 / in.decimal("fps"))));
        ObjectNode shown = Json.object();
        shown.set("images", files.saved());
        shown.putArray("animated").add(extension.equals("png") || frames.size() != 1);
        return new Outputs(List.of(), shown, null);
    }

    /// The prompt stands in the tag of the camera's model, the others in those before it.
    private static Map<Integer, String> tagged(Map<String, String> texts) {
        Map<Integer, String> tagged = new LinkedHashMap<>();
        int next = PROMPT_TAG - 1;
        for (Map.Entry<String, String> text : texts.entrySet()) {
            int tag = text.getKey().equals("prompt") ? PROMPT_TAG : next--;
            tagged.put(tag, text.getKey() + ":" + text.getValue());
        }
        return tagged;
    }
}
