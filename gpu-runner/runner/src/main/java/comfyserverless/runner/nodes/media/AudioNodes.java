package comfyserverless.runner.nodes.media;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.decimal;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Audio;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeException;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.runner.media.Resampling;
import comfyserverless.runner.media.Sounds;
import comfyserverless.runner.nodes.SimpleNode;
import java.math.BigInteger;

/// The nodes that cut, join and mix sounds (nodes_audio, ComfyUI 0.3.64).
public final class AudioNodes {
    /// The largest number that ComfyUI declares for seconds.
    private static final BigInteger MOST = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

    private AudioNodes() {}

    public static Node trimAudioDuration() {
        return new SimpleNode(
                NodeDefinition.of("TrimAudioDuration", "comfy_extras.nodes_audio")
                        .displayed("Trim Audio Duration")
                        .category("audio")
                        .describe("Cuts a part out of a sound.")
                        .required("audio", link("AUDIO"))
                        .required(
                                "start_index",
                                decimal(0)
                                        .step(0.01)
                                        .with("min", BigIntegerNode.valueOf(MOST.negate()))
                                        .with("max", BigIntegerNode.valueOf(MOST))
                                        .tooltip(
                                                "In seconds; a negative number counts from the end."))
                        .required(
                                "duration",
                                decimal(60)
                                        .step(0.01)
                                        .with("min", DoubleNode.valueOf(0.0))
                                        .tooltip("In seconds."))
                        .output("AUDIO")
                        .build(),
                (in, context) -> Outputs.of(trimmed(in)));
    }

    private static Audio trimmed(Inputs in) {
        Audio audio = in.audio("audio");
        double start = Math.rint(in.decimal("start_index") * audio.sampleRate());
        int from =
                (int)
                        Math.clamp(
                                start < 0 ? audio.samples() + start : start,
                                0,
                                Math.max(0, audio.samples() - 1));
        double end = from + Math.rint(in.decimal("duration") * audio.sampleRate());
        int to = (int) Math.clamp(end, 0, audio.samples());
        if (from >= to) {
            throw new NodeException(
                    "ValueError",
                    "AudioTrim: Start time must be less than end time and be within the audio"
                            + " length.");
        }
        return Sounds.samples(audio, from, to);
    }

    public static Node splitAudioChannels() {
        return new SimpleNode(
                NodeDefinition.of("SplitAudioChannels", "comfy_extras.nodes_audio")
                        .displayed("Split Audio Channels")
                        .category("audio")
                        .describe("Takes a stereo sound apart.")
                        .required("audio", link("AUDIO"))
                        .output("AUDIO", "left")
                        .output("AUDIO", "right")
                        .build(),
                (in, context) -> {
                    Audio audio = in.audio("audio");
                    if (audio.channels() != 2) {
                        throw new NodeException(
                                "ValueError", "AudioSplit: Input audio has only one channel.");
                    }
                    return Outputs.of(Sounds.channels(audio, 0, 1), Sounds.channels(audio, 1, 2));
                });
    }

    public static Node audioConcat() {
        return new SimpleNode(
                NodeDefinition.of("AudioConcat", "comfy_extras.nodes_audio")
                        .displayed("Audio Concat")
                        .category("audio")
                        .describe("Puts one sound behind another.")
                        .required("audio1", link("AUDIO"))
                        .required("audio2", link("AUDIO"))
                        .required(
                                "direction",
                                choice("after", "before")
                                        .preset("after")
                                        .tooltip("Where the second sound goes."))
                        .output("AUDIO")
                        .build(),
                (in, context) -> {
                    int rate = higherRate(in);
                    Audio first = Resampling.to(stereo(in.audio("audio1")), rate);
                    Audio second = Resampling.to(stereo(in.audio("audio2")), rate);
                    return Outputs.of(
                            in.text("direction").equals("before")
                                    ? joined(second, first)
                                    : joined(first, second));
                });
    }

    /// The rate at which neither of two sounds loses anything.
    private static int higherRate(Inputs in) {
        return Math.max(in.audio("audio1").sampleRate(), in.audio("audio2").sampleRate());
    }

    private static Audio stereo(Audio audio) {
        return audio.channels() == 1 ? Sounds.channels(audio, 0, 2) : audio;
    }

    private static Audio joined(Audio first, Audio second) {
        if (first.batch() != second.batch() || first.channels() != second.channels()) {
            throw new NodeException(
                    "RuntimeError", first + " and " + second + " do not fit behind one another");
        }
        Audio both = Sounds.samples(first, 0, first.samples() + second.samples());
        for (int i = 0; i < first.batch() * first.channels(); i++) {
            System.arraycopy(
                    second.data(),
                    i * second.samples(),
                    both.data(),
                    i * both.samples() + first.samples(),
                    second.samples());
        }
        return both;
    }

    public static Node audioMerge() {
        return new SimpleNode(
                NodeDefinition.of("AudioMerge", "comfy_extras.nodes_audio")
                        .displayed("Audio Merge")
                        .category("audio")
                        .describe("Lays two sounds over one another.")
                        .required("audio1", link("AUDIO"))
                        .required("audio2", link("AUDIO"))
                        .required(
                                "merge_method",
                                choice("add", "mean", "subtract", "multiply")
                                        .tooltip("How the samples of both become one."))
                        .output("AUDIO")
                        .build(),
                (in, context) -> Outputs.of(merged(in)));
    }

    /// The second sound takes the length of the first; what gets louder than 1 is scaled down as a whole.
    private static Audio merged(Inputs in) {
        int rate = higherRate(in);
        Audio first = Resampling.to(in.audio("audio1"), rate);
        Audio other = Resampling.to(in.audio("audio2"), rate);
        if (other.channels() == 1 && first.channels() > 1) {
            other = Sounds.channels(other, 0, first.channels());
        } else if (first.channels() == 1 && other.channels() > 1) {
            first = Sounds.channels(first, 0, other.channels());
        }
        Audio second = Sounds.samples(other, 0, first.samples());
        String method = in.text("merge_method");
        float[] data = new float[first.data().length];
        float loudest = 1f;
        for (int i = 0; i < data.length; i++) {
            float a = first.data()[i];
            float b = second.data()[i % second.data().length];
            data[i] =
                    switch (method) {
                        case "add" -> a + b;
                        case "subtract" -> a - b;
                        case "multiply" -> a * b;
                        default -> (a + b) / 2;
                    };
            loudest = Math.max(loudest, Math.abs(data[i]));
        }
        return times(
                new Audio(data, first.batch(), first.channels(), first.samples(), rate),
                1f / loudest);
    }

    public static Node audioAdjustVolume() {
        return new SimpleNode(
                NodeDefinition.of("AudioAdjustVolume", "comfy_extras.nodes_audio")
                        .displayed("Audio Adjust Volume")
                        .category("audio")
                        .required("audio", link("AUDIO"))
                        .required(
                                "volume",
                                integer(1)
                                        .between(-100, 100)
                                        .tooltip(
                                                "In decibels: 6 is about twice as loud, 0 changes nothing."))
                        .output("AUDIO")
                        .build(),
                (in, context) ->
                        Outputs.of(
                                times(
                                        in.audio("audio"),
                                        (float) Math.pow(10, in.integer("volume") / 20.0))));
    }

    private static Audio times(Audio audio, float gain) {
        if (gain == 1f) {
            return audio;
        }
        float[] data = audio.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] *= gain;
        }
        return new Audio(
                data, audio.batch(), audio.channels(), audio.samples(), audio.sampleRate());
    }

    public static Node emptyAudio() {
        return new SimpleNode(
                NodeDefinition.of("EmptyAudio", "comfy_extras.nodes_audio")
                        .displayed("Empty Audio")
                        .category("audio")
                        .required(
                                "duration",
                                decimal(60)
                                        .step(0.01)
                                        .with("min", IntNode.valueOf(0))
                                        .with("max", BigIntegerNode.valueOf(MOST))
                                        .tooltip("In seconds."))
                        .required("sample_rate", integer(44100).tooltip("Samples a second."))
                        .required(
                                "channels",
                                integer(2).between(1, 2).tooltip("1 for mono, 2 for stereo."))
                        .output("AUDIO")
                        .build(),
                (in, context) -> {
                    int rate = in.integer("sample_rate");
                    int channels = in.integer("channels");
                    int samples = Math.toIntExact(Math.round(in.decimal("duration") * rate));
                    return Outputs.of(
                            new Audio(
                                    new float[Math.multiplyExact(channels, samples)],
                                    1,
                                    channels,
                                    samples,
                                    rate));
                });
    }
}
