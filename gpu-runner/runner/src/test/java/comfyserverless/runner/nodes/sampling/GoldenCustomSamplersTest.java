package comfyserverless.runner.nodes.sampling;

import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.goldens.SyntheticTensors;
import comfyserverless.diffusion.sampling.Sigmas;
import comfyserverless.diffusion.torch.HostTensor;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.Call;
import comfyserverless.runner.nodes.GoldenNode;
import comfyserverless.runner.nodes.model.GoldenModels;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// SamplerCustom with the sampler nodes, and SamplerCustomAdvanced with the guider nodes, end where ComfyUI's do.
class GoldenCustomSamplersTest {
    private static final double TOLERANCE = 1e-4;
    private static final String SAMPLERS = "samplers/sd15_custom_samplers";
    private static final String GUIDERS = "samplers/sd15_custom_advanced";
    private static final String DENOISED = ".denoised_output";

    @TestFactory
    Stream<DynamicTest> samplers_end_where_recorded() {
        return tests(SAMPLERS, GoldenCustomSamplersTest::custom);
    }

    @TestFactory
    Stream<DynamicTest> guiders_and_noises_lead_where_recorded() {
        return tests(GUIDERS, GoldenCustomSamplersTest::advanced);
    }

    @FunctionalInterface
    private interface Run {
        Outputs of(String key) throws Exception;
    }

    private static Stream<DynamicTest> tests(String file, Run run) {
        return Goldens.tensors(file).stream()
                .flatMap(golden ->
                        golden.keys().stream()
                                .map(key ->
                                        DynamicTest.dynamicTest(
                                                key, () -> check(golden, key, run))));
    }

    private static void check(GoldenTensors golden, String key, Run run) throws Exception {
        boolean denoised = key.endsWith(DENOISED);
        String name = denoised ? key.substring(0, key.length() - DENOISED.length()) : key;
        Latent latent = (Latent) run.of(name).values().get(denoised ? 1 : 0);
        HostTensor actual =
                new HostTensor(
                        latent.data(),
                        latent.batch(),
                        latent.channels(),
                        latent.height(),
                        latent.width());
        Agreement.assertAgrees(key, actual, golden.tensor(key), TOLERANCE);
    }

    /// `SamplerLMS(3)`, `euler.latimg`: a sampler and what else is not as usual.
    private static Outputs custom(String key) throws Exception {
        GoldenNode node = GoldenNode.of(key);
        Map<String, Value> model = Map.of("model", GoldenModels.network().value());
        List<String> words = List.of(node.rest().split("\\.", -1));
        Value sampler =
                node.name().startsWith("Sampler")
                        ? withoutModel(node)
                                .call(node.name(), model, GoldenCustomSamplersTest::prompt)
                                .first()
                        : sampler(node.name());
        Call call =
                Call.of("SamplerCustom")
                        .with("model", GoldenModels.network().value())
                        .with("add_noise", !words.contains("no_noise"))
                        .with("noise_seed", 42)
                        .with("cfg", cfg(node.name(), words))
                        .with("positive", GoldenModels.prompt("pos"))
                        .with("negative", GoldenModels.prompt("neg"))
                        .with("sampler", sampler)
                        .with("sigmas", SocketTypes.SIGMAS.value(levels(node.name(), words)));
        Latent latent = words.contains("latimg") ? picture() : Latent.empty(1, 4, 8, 8);
        return call.with("latent_image", words.contains("mask") ? masked(latent) : latent).run();
    }

    private static GoldenNode withoutModel(GoldenNode node) {
        return node.arguments().contains("sd15")
                ? new GoldenNode(
                        node.name(),
                        node.arguments().subList(1, node.arguments().size()),
                        node.rest())
                : node;
    }

    private static double cfg(String sampler, List<String> words) {
        for (String word : words) {
            if (word.startsWith("cfg")) {
                return Double.parseDouble(word.substring(3));
            }
        }
        return sampler.equals("SamplerEulerAncestralCFGPP") ? 1.5 : 7;
    }

    private static Sigmas levels(String sampler, List<String> words) throws Exception {
        Sigmas levels = karras(sampler.equals("SamplerLCMUpscale") ? 4 : 5);
        for (String word : words) {
            levels =
                    switch (word) {
                        case "setfirst" -> levels.beginningAt(20);
                        case "latimg" -> words.contains("mask") ? levels : levels.from(2);
                        case "high3" -> levels.upTo(3);
                        default -> levels;
                    };
        }
        return levels;
    }

    private static Sigmas karras(int steps) throws Exception {
        Value made =
                GoldenNode.of("KarrasScheduler(" + steps + ",14.614642,0.0291675,7.0)")
                        .call("KarrasScheduler", Map.of(), GoldenCustomSamplersTest::prompt)
                        .first();
        return (Sigmas) ((Value.Handle) made).content();
    }

    private static Value sampler(String name) throws Exception {
        return Call.of("KSamplerSelect").with("sampler_name", name).first();
    }

    private static Latent picture() {
        return latent(SyntheticTensors.tensor("in/latimg", 1.2f, 0f, 1, 4, 8, 8));
    }

    private static Latent latent(HostTensor x) {
        return new Latent(
                x.data(), (int) x.size(0), (int) x.size(1), (int) x.size(2), (int) x.size(3));
    }

    private static Latent masked(Latent latent) {
        float[] mask = new float[64 * 64];
        for (int i = 0; i < mask.length; i++) {
            int y = i / 64;
            int x = i % 64;
            mask[i] = y >= 16 && y < 48 && x >= 24 && x < 64 ? 1 : 0;
        }
        return new Latent(latent.data(), 1, 4, 8, 8, new Mask(mask, 1, 64, 64), List.of());
    }

    /// `BasicGuider(pos)`, `AddNoise([3.5])`, `DisableNoise.latimg`: what is not as usual.
    private static Outputs advanced(String key) throws Exception {
        GoldenNode node = GoldenNode.of(key);
        if (node.name().equals("AddNoise")) {
            return added(node.arguments().getFirst());
        }
        Value random = Call.of("RandomNoise").with("noise_seed", 42).first();
        Value none = Call.of("DisableNoise").first();
        Value guider = guider(node.name().endsWith("Guider") ? node : GoldenNode.of(usual(key)));
        String sampler = List.of("euler_ancestral", "dpmpp_2m_sde").contains(key) ? key : "euler";
        Sigmas levels = karras(5);
        return switch (key) {
            case "DisableNoise.latimg" -> run(none, guider, sampler, levels.from(2), picture());
            case "FlipSigmas.unsample" -> run(none, guider, sampler, levels.flipped(), picture());
            case "batch_index_3_1" -> {
                Latent two = new Latent(new float[512], 2, 4, 8, 8, null, List.of(3, 1));
                yield run(random, guider, sampler, levels, two);
            }
            default -> run(random, guider, sampler, levels, Latent.empty(1, 4, 8, 8));
        };
    }

    private static String usual(String key) {
        return key.equals("FlipSigmas.unsample") ? "CFGGuider(pos,neg,1)" : "CFGGuider(pos,neg,7)";
    }

    private static Value guider(GoldenNode node) throws Exception {
        Map<String, Value> model = Map.of("model", GoldenModels.network().value());
        return node.call(node.name(), model, GoldenCustomSamplersTest::prompt).first();
    }

    private static Value prompt(String name) {
        return name.equals("combine")
                ? GoldenModels.prompts("pos", "alt")
                : GoldenModels.prompt(name);
    }

    private static Outputs run(
            Value noise, Value guider, String sampler, Sigmas levels, Latent latent)
            throws Exception {
        return Call.of("SamplerCustomAdvanced")
                .with("noise", noise)
                .with("guider", guider)
                .with("sampler", sampler(sampler))
                .with("sigmas", SocketTypes.SIGMAS.value(levels))
                .with("latent_image", latent)
                .run();
    }

    private static Outputs added(String what) throws Exception {
        Sigmas levels = karras(5);
        Sigmas used =
                switch (what) {
                    case "sigmas[1:4]" -> levels.from(1).upTo(2);
                    case "[3.5]" -> Sigmas.of(3.5f);
                    default -> levels;
                };
        Value noise =
                what.equals("DisableNoise")
                        ? Call.of("DisableNoise").first()
                        : Call.of("RandomNoise").with("noise_seed", 42).first();
        return Call.of("AddNoise")
                .with("model", GoldenModels.network().value())
                .with("noise", noise)
                .with("sigmas", SocketTypes.SIGMAS.value(used))
                .with(
                        "latent_image",
                        what.equals("empty latent") ? Latent.empty(1, 4, 8, 8) : picture())
                .run();
    }
}
