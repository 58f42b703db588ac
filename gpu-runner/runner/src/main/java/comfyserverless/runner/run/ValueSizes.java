package comfyserverless.runner.run;

import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;
import java.util.List;

/// How much memory cached results take, about.
final class ValueSizes {
    private static final long SMALL = 64;

    private ValueSizes() {}

    static long bytes(NodeResult result) {
        long bytes = SMALL;
        for (List<Value> items : result.outputs()) {
            bytes += bytes(items);
        }
        return bytes;
    }

    private static long bytes(List<Value> items) {
        long bytes = 0;
        for (Value item : items) {
            bytes += bytes(item);
        }
        return bytes;
    }

    private static long bytes(Value value) {
        return switch (value) {
            case Audio audio -> SMALL + 4L * audio.data().length;
            case Video.Frames frames ->
                    SMALL
                            + bytes(frames.images())
                            + (frames.audio() == null ? 0 : bytes(frames.audio()));
            case Video.Encoded file -> SMALL + file.content().length;
            case Image image -> SMALL + 4L * image.data().length;
            case Mask mask -> SMALL + 4L * mask.data().length;
            case Latent latent -> SMALL + 4L * latent.data().length;
            case Value.Json json ->
                    json.node().isTextual() ? 2L * json.node().textValue().length() : SMALL;
            case Value.Many many -> SMALL + bytes(many.items());
            case Value.Fields fields -> SMALL + bytes(List.copyOf(fields.fields().values()));
            case Value.Handle _, Value.Blocker _ -> SMALL;
        };
    }
}
