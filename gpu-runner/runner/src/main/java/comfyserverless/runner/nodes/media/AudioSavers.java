package comfyserverless.runner.nodes.media;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.text;

import comfyserverless.contract.file.FileType;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.media.AudioCodec;
import comfyserverless.runner.media.AudioWriter;
import comfyserverless.runner.nodes.SimpleNode;
import comfyserverless.runner.nodes.save.FileSaver;
import comfyserverless.runner.nodes.save.Saving;
import comfyserverless.runner.nodes.save.TemporaryNames;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The nodes that save sounds (nodes_audio, ComfyUI 0.3.64).
public final class AudioSavers {
    private AudioSavers() {}

    public static Node saveAudio(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveAudio", "comfy_extras.nodes_audio")
                        .displayed("Save Audio (FLAC)")
                        .category("audio")
                        .required("audio", link("AUDIO"))
                        .required("filename_prefix", text().preset("audio/ComfyUI"))
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build(),
                (in, context) -> saved(in, context, AudioCodec.FLAC, saving));
    }

    public static Node saveAudioMp3(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveAudioMP3", "comfy_extras.nodes_audio")
                        .displayed("Save Audio (MP3)")
                        .category("audio")
                        .required("audio", link("AUDIO"))
                        .required("filename_prefix", text().preset("audio/ComfyUI"))
                        .required("quality", choice("V0", "128k", "320k").preset("V0"))
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build(),
                (in, context) -> saved(in, context, AudioCodec.MP3, saving));
    }

    public static Node saveAudioOpus(Saving saving) {
        return new SimpleNode(
                NodeDefinition.of("SaveAudioOpus", "comfy_extras.nodes_audio")
                        .displayed("Save Audio (Opus)")
                        .category("audio")
                        .required("audio", link("AUDIO"))
                        .required("filename_prefix", text().preset("audio/ComfyUI"))
                        .required(
                                "quality",
                                choice("64k", "96k", "128k", "192k", "320k").preset("128k"))
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build(),
                (in, context) -> saved(in, context, AudioCodec.OPUS, saving));
    }

    public static Node previewAudio(Saving saving, RandomGenerator random) {
        return new SimpleNode(
                NodeDefinition.of("PreviewAudio", "comfy_extras.nodes_audio")
                        .displayed("Preview Audio")
                        .category("audio")
                        .required("audio", link("AUDIO"))
                        .hidden("prompt", Hidden.PROMPT)
                        .hidden("extra_pnginfo", Hidden.EXTRA_PNGINFO)
                        .outputNode()
                        .build(),
                (in, context) -> {
                    String prefix = "ComfyUI" + TemporaryNames.suffix(random);
                    FileSaver files = saving.begin(FileType.TEMP, prefix, 0, 0, context);
                    return saved(in, context, AudioCodec.FLAC, files, saving.texts(in));
                });
    }

    private static Outputs saved(Inputs in, NodeContext context, AudioCodec codec, Saving saving) {
        FileSaver files = saving.begin(FileType.OUTPUT, in.text("filename_prefix"), 0, 0, context);
        return saved(in, context, codec, files, saving.texts(in));
    }

    private static Outputs saved(
            Inputs in,
            NodeContext context,
            AudioCodec codec,
            FileSaver files,
            Map<String, String> texts) {
        Audio audio = in.audio("audio");
        int bitRate = in.has("quality") ? bitRate(in.text("quality")) : 0;
        for (int i = 0; i < audio.batch(); i++) {
            context.checkStop();
            int sound = i;
            byte[] content =
                    MediaErrors.named(() -> AudioWriter.write(audio, sound, codec, bitRate, texts));
            files.save(i, codec == AudioCodec.OPUS ? "opus" : codec.container(), content);
        }
        return Outputs.shown("audio", files.saved());
    }

    /// `128k` → 128000; `V0` → 0, the best.
    private static int bitRate(String quality) {
        return quality.endsWith("k")
                ? Integer.parseInt(quality.substring(0, quality.length() - 1)) * 1000
                : 0;
    }
}
