package comfyserverless.runner.nodes.model;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticModels;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.sampling.Conditioning;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.diffusion.unet.ControlNet;
import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.conditioning.Prompts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// KSampler under ControlNets gives the recorded latents.
class GoldenControlNetTest {
    private static final double TOLERANCE = 1e-4;
    private static final Pattern ADVANCED =
            Pattern.compile("adv\\.s(\\d\\.\\d)\\.([\\d.]+)-([\\d.]+)");

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /// Prompts under a control, and how they are sampled.
    private record Case(Value positive, Value negative, int steps, int batch, double cfg) {
        static Case of(List<Value> prompts) {
            return new Case(prompts.get(0), prompts.get(1), 4, 1, 7);
        }

        Case steps(int other) {
            return new Case(positive, negative, other, batch, cfg);
        }
    }

    static Stream<String> keys() {
        return keys("controlnet/sd15_controlnet", key -> !key.startsWith("hint"));
    }

    static Stream<String> moreKeys() {
        Set<String> known =
                Set.of(
                        "sd15.base",
                        "sd15.cnet.s1",
                        "sd15.cfg1",
                        "sd15.global_average_pooling",
                        "sd15.masked_cond");
        return keys("controlnet/controlnet_more", known::contains);
    }

    private static Stream<String> keys(String file, Predicate<String> wanted) {
        return Goldens.tensors(file).stream()
                .flatMap(golden -> golden.keys().stream())
                .filter(wanted);
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("keys")
    void a_sampler_gives_the_recorded_latent(String key) throws Exception {
        GoldenTensors golden = Goldens.tensors("controlnet/sd15_controlnet").orElseThrow();
        check(golden, key, example(golden, key));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("moreKeys")
    void other_uses_give_the_recorded_latent(String key) throws Exception {
        GoldenTensors golden = Goldens.tensors("controlnet/controlnet_more").orElseThrow();
        Image hint = image(SyntheticTensors.tensor("in/hint64", 0.5f, 0.5f, 1, 64, 64, 3));
        Case plain = Case.of(List.of(prompt("pos"), prompt("neg")));
        Case one =
                switch (key) {
                    case "sd15.base" -> plain;
                    case "sd15.cnet.s1" -> Case.of(applied(net(), hint, 1, 0, 1, plain));
                    case "sd15.cfg1" -> {
                        Case steered = Case.of(applied(net(), hint, 1, 0, 1, plain));
                        yield new Case(steered.positive(), steered.negative(), 4, 1, 1);
                    }
                    case "sd15.global_average_pooling" ->
                            Case.of(applied(averagingNet(), hint, 1, 0, 1, plain));
                    default -> maskedBesidePlain(hint);
                };
        check(golden, key, one);
    }

    private Case example(GoldenTensors golden, String key) throws Exception {
        Image hint = image(golden.tensor("hint"));
        Case plain = Case.of(List.of(prompt("pos"), prompt("neg")));
        Matcher advanced = ADVANCED.matcher(key);
        if (advanced.matches()) {
            double strength = Double.parseDouble(advanced.group(1));
            double start = Double.parseDouble(advanced.group(2));
            double end = Double.parseDouble(advanced.group(3));
            return Case.of(applied(net(), hint, strength, start, end, plain)).steps(6);
        }
        return switch (key) {
            case "base" -> plain;
            case "batch2" -> {
                Case steered = Case.of(applied(net(), hint, 1, 0, 1, plain));
                yield new Case(steered.positive(), steered.negative(), 4, 2, 7);
            }
            case "resized_hint_24x40" ->
                    Case.of(applied(net(), image(golden.tensor("hint40x24")), 1, 0, 1, plain));
            case "chained_0.6+0.4" -> {
                Case first = Case.of(applied(net(), hint, 0.6, 0, 1, plain));
                yield Case.of(applied(net(), inverted(hint), 0.4, 0, 1, first));
            }
            case "apply_pos_only.s0.9" ->
                    Case.of(
                            List.of(
                                    Call.of("ControlNetApply")
                                            .with("conditioning", prompt("pos"))
                                            .with("control_net", net())
                                            .with("image", hint)
                                            .with("strength", 0.9)
                                            .first(),
                                    prompt("neg")));
            default -> throw new IllegalArgumentException(key);
        };
    }

    /// The positive prompt's left half under the control, beside another prompt without.
    private static Case maskedBesidePlain(Image hint) throws Exception {
        float[] left = new float[64 * 64];
        for (int i = 0; i < left.length; i++) {
            left[i] = i % 64 < 32 ? 1 : 0;
        }
        Value masked =
                Call.of("ConditioningSetMask")
                        .with("conditioning", prompt("pos"))
                        .with("mask", new Mask(left, 1, 64, 64))
                        .with("strength", 1.0)
                        .with("set_cond_area", "default")
                        .first();
        Case steered =
                Case.of(applied(net(), hint, 1, 0, 1, Case.of(List.of(masked, prompt("neg")))));
        Value both =
                Call.of("ConditioningCombine")
                        .with("conditioning_1", steered.positive())
                        .with("conditioning_2", prompt("alt"))
                        .first();
        return Case.of(List.of(both, steered.negative()));
    }

    private static List<Value> applied(
            Value net, Image hint, double strength, double start, double end, Case to)
            throws Exception {
        Outputs outputs =
                Call.of("ControlNetApplyAdvanced")
                        .with("positive", to.positive())
                        .with("negative", to.negative())
                        .with("control_net", net)
                        .with("image", hint)
                        .with("strength", strength)
                        .with("start_percent", start)
                        .with("end_percent", end)
                        .run();
        return outputs.values();
    }

    private static void check(GoldenTensors golden, String key, Case one) throws Exception {
        Latent latent = (Latent) sampled(one);
        HostTensor sampled = new HostTensor(latent.data(), one.batch(), 4, 8, 8);
        Agreement.assertAgrees(key, sampled, golden.tensor(key), TOLERANCE);
    }

    private static Value net() {
        return net(SyntheticModels.file("controlnet-sd15"));
    }

    /// A file whose name says that its network averages over the places.
    private Value averagingNet() throws Exception {
        Path file = folder.resolve("some_shuffle.safetensors");
        if (!Files.exists(file)) {
            Files.createSymbolicLink(file, SyntheticModels.file("controlnet-sd15"));
        }
        return net(file);
    }

    private static Value net(Path file) {
        return new Value.Handle(
                "CONTROL_NET",
                new ControlRef(
                        GoldenModels.all()
                                .load(
                                        LoadedModels.Wanted.of(
                                                ControlNet.class, file, ModelFiles::controlNet))));
    }

    private static Image image(HostTensor t) {
        float[] data = t.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] = Math.clamp(data[i], 0f, 1f);
        }
        return new Image(data, 1, (int) t.size(1), (int) t.size(2), 3);
    }

    private static Image inverted(Image image) {
        float[] data = image.data().clone();
        for (int i = 0; i < data.length; i++) {
            data[i] = 1 - data[i];
        }
        return new Image(data, 1, image.height(), image.width(), 3);
    }

    private static Value prompt(String name) {
        HostTensor context =
                SyntheticTensors.tensor(
                        "in/ctx15/" + name + "/77", (float) Math.sqrt(3), 0f, 1, 77, 768);
        return new Value.Handle(
                "CONDITIONING", new Prompts(List.of(Conditioning.of(context, null))));
    }

    @ParameterizedTest
    @MethodSource("untouched")
    void the_older_node_steers_negative_prompts_that_have_no_control(double strength)
            throws Exception {
        GoldenTensors golden = Goldens.tensors("controlnet/sd15_controlnet").orElseThrow();
        Image hint = image(golden.tensor("hint"));
        Case plain = Case.of(List.of(prompt("pos"), prompt("neg")));
        Value positive =
                Call.of("ControlNetApply")
                        .with("conditioning", prompt("pos"))
                        .with("control_net", net())
                        .with("image", hint)
                        .with("strength", strength)
                        .first();
        assertThat(sampled(new Case(positive, prompt("neg"), 4, 1, 7)))
                .isEqualTo(sampled(Case.of(applied(net(), hint, strength, 0, 1, plain))));
    }

    static Stream<Double> untouched() {
        return Goldens.tensors("controlnet/sd15_controlnet").stream().map(_ -> 0.9);
    }

    private static Value sampled(Case one) throws Exception {
        return Call.of("KSampler")
                .with("model", GoldenModels.network().value())
                .with("positive", one.positive())
                .with("negative", one.negative())
                .with("latent_image", Latent.empty(one.batch(), 4, 8, 8))
                .with("sampler_name", "euler")
                .with("scheduler", "normal")
                .with("seed", 42)
                .with("steps", one.steps())
                .with("denoise", 1.0)
                .with("cfg", one.cfg())
                .first();
    }
}
