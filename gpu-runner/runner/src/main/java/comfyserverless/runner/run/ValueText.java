package comfyserverless.runner.run;

import comfyserverless.contract.json.PythonText;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Value;
import comfyserverless.nodeapi.Video;

/// Values as Python's `str` shows them in ComfyUI's errors and texts.
public final class ValueText {
    private ValueText() {}

    public static String of(Value value) {
        return switch (value) {
            case Image i -> TensorText.of(i.data(), i.batch(), i.height(), i.width(), i.channels());
            case Mask m -> TensorText.of(m.data(), m.batch(), m.height(), m.width());
            case Latent l ->
                    "{'samples': "
                            + TensorText.of(
                                    l.data(), l.batch(), l.channels(), l.height(), l.width())
                            + "}";
            case Audio a ->
                    "{'waveform': "
                            + TensorText.of(a.data(), a.batch(), a.channels(), a.samples())
                            + ", 'sample_rate': "
                            + a.sampleRate()
                            + "}";
            case Video video -> "<" + video + ">";
            case Value.Json json -> PythonText.str(json.node());
            case Value.Many many -> {
                StringBuilder text = new StringBuilder("[");
                many.items().forEach(v -> text.append(text.length() > 1 ? ", " : "").append(of(v)));
                yield text.append("]").toString();
            }
            case Value.Handle handle -> "<" + handle.type() + ">";
            case Value.Blocker blocker -> "<ExecutionBlocker>";
        };
    }
}
