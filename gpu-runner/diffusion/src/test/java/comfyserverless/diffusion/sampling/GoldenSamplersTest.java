package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Agreement;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs of whole samplers with the reduced Stable Diffusion 1.5 end where ComfyUI's do.
class GoldenSamplersTest {

    private static final double TOLERANCE = 1e-4;
    private static final long SEED = 42;
    private static final String ALL = "samplers/sd15_all_normal_4steps_seed42";
    private static final String MORE = "samplers/sd15_more";
    private static final String BATCHES = "samplers/sd15_latent_batches";
    private static final Set<String> INPUTS = Set.of("latimg");

    /// `t2i.SAMPLER.SCHEDULER.sSTEPS.dDENOISE`, and the same from a latent.
    private static final Pattern WAY =
            Pattern.compile("(t2i|i2i)\\.(\\w+)\\.(\\w+)\\.s(\\d+)\\.d([\\d.]+)");

    /// `adv.START-END.…`: KSamplerAdvanced.
    private static final Pattern ADVANCED = Pattern.compile("adv\\.(\\d+)-(\\d+)\\.(.+)");

    @TestFactory
    Stream<DynamicTest> every_sampler_ends_where_recorded() {
        return tests(ALL, GoldenSamplersTest::sampled);
    }

    @TestFactory
    Stream<DynamicTest> other_schedules_batches_and_windows_end_where_recorded() {
        return tests(MORE, GoldenSamplersTest::sampledOtherwise);
    }

    @TestFactory
    Stream<DynamicTest> items_of_batches_keep_their_noise() {
        return tests(BATCHES, GoldenSamplersTest::sampledBatch);
    }

    @FunctionalInterface
    private interface Run {
        HostTensor run(GoldenTensors golden, String key);
    }

    private static Stream<DynamicTest> tests(String file, Run run) {
        return Goldens.tensors(file).stream().flatMap(golden -> tests(file, golden, run));
    }

    private static Stream<DynamicTest> tests(String file, GoldenTensors golden, Run run) {
        return golden.keys().stream()
                .filter(key -> !INPUTS.contains(key))
                .filter(key -> isBuilt(file, key))
                .map(key ->
                        DynamicTest.dynamicTest(
                                key,
                                () ->
                                        Agreement.assertAgrees(
                                                key,
                                                run.run(golden, key),
                                                golden.tensor(key),
                                                TOLERANCE)));
    }

    /// Prints the keys of samplers that are not there.
    private static boolean isBuilt(String file, String key) {
        String sampler = key.split("\\.", -1)[0];
        if (file.equals(ALL) && !Samplers.names().contains(sampler)) {
            System.out.println(file + ": not built: " + key);
            return false;
        }
        return true;
    }

    /// `SAMPLER.cfg7`
    private static HostTensor sampled(GoldenTensors golden, String key) {
        String[] parts = key.split("\\.cfg", -1);
        return ReducedSd15.sample(
                ReducedSd15.prompting(Double.parseDouble(parts[1])),
                SampleRequest.Latent.of(HostTensor.zeros(1, 4, 8, 8)),
                SEED,
                SampleRequest.Plan.all(parts[0], Scheduler.NORMAL, 4, 1));
    }

    private static HostTensor sampledOtherwise(GoldenTensors golden, String key) {
        Matcher way = WAY.matcher(key);
        if (way.matches()) {
            HostTensor start =
                    way.group(1).equals("i2i")
                            ? ReducedSd15.latent("latimg", 1)
                            : HostTensor.zeros(1, 4, 8, 8);
            SampleRequest.Plan plan =
                    SampleRequest.Plan.all(
                            way.group(2),
                            Scheduler.named(way.group(3)),
                            Integer.parseInt(way.group(4)),
                            Double.parseDouble(way.group(5)));
            return ReducedSd15.sample(
                    ReducedSd15.prompting(7), SampleRequest.Latent.of(start), SEED, plan);
        }
        Matcher advanced = ADVANCED.matcher(key);
        if (advanced.matches()) {
            int start = Integer.parseInt(advanced.group(1));
            int end = Integer.parseInt(advanced.group(2));
            return sampledAdvanced(start, end, advanced.group(3));
        }
        String sampler = key.substring(key.lastIndexOf('.') + 1);
        SampleRequest.Plan plan = SampleRequest.Plan.all(sampler, Scheduler.NORMAL, 4, 1);
        return switch (key.substring(0, key.lastIndexOf('.'))) {
            case "batch2" ->
                    sampled(SampleRequest.Latent.of(HostTensor.zeros(2, 4, 8, 8)), SEED, plan);
            case "batch_index_3_1" ->
                    sampled(
                            new SampleRequest.Latent(
                                    HostTensor.zeros(2, 4, 8, 8), null, List.of(3, 1)),
                            SEED,
                            plan);
            case "latent9x7" ->
                    sampled(SampleRequest.Latent.of(HostTensor.zeros(1, 4, 9, 7)), SEED, plan);
            case "seed_2^64-1" ->
                    sampled(SampleRequest.Latent.of(HostTensor.zeros(1, 4, 8, 8)), -1, plan);
            case "empty_neg_longer_ctx_154v77" ->
                    ReducedSd15.sample(
                            new SampleRequest.Prompting(
                                    List.of(ReducedSd15.prompt("pos", 154)),
                                    List.of(ReducedSd15.prompt("neg", 77)),
                                    7),
                            SampleRequest.Latent.of(HostTensor.zeros(1, 4, 8, 8)),
                            SEED,
                            plan);
            default -> throw new AssertionError("what is " + key + "?");
        };
    }

    private static HostTensor sampled(
            SampleRequest.Latent latent, long seed, SampleRequest.Plan plan) {
        return ReducedSd15.sample(ReducedSd15.prompting(7), latent, seed, plan);
    }

    /// Six steps of euler from zeros, or of dpmpp_2m from a picture; one that continues takes what a run up to its
    /// start has left.
    private static HostTensor sampledAdvanced(int start, int end, String what) {
        boolean picture = what.endsWith("img");
        boolean continued = what.contains("no_noise");
        boolean leftover = what.contains("leftover") && !what.contains("no_leftover");
        HostTensor latent = HostTensor.zeros(1, 4, 8, 8);
        if (picture) {
            latent = ReducedSd15.latent("latimg", 1);
        } else if (continued) {
            latent = sampledAdvanced(0, start, "leftover");
        }
        SampleRequest.Plan plan =
                new SampleRequest.Plan(
                        picture ? "dpmpp_2m" : "euler",
                        picture ? Scheduler.KARRAS : Scheduler.NORMAL,
                        6,
                        1,
                        new SampleRequest.Window(start, end, leftover),
                        !continued);
        return sampled(SampleRequest.Latent.of(latent), SEED, plan);
    }

    private static HostTensor sampledBatch(GoldenTensors golden, String key) {
        JsonNode recipe = golden.metadataJson("batches").path(key);
        assertThat(recipe.isObject()).as("a batch %s", key).isTrue();
        int batch = recipe.path("batch").asInt();
        List<Integer> places =
                StreamSupport.stream(recipe.path("batch_index").spliterator(), false)
                        .map(JsonNode::asInt)
                        .toList();
        SampleRequest.Plan plan = SampleRequest.Plan.all("euler", Scheduler.NORMAL, 4, 1);
        if (!key.contains("masks2")) {
            HostTensor zeros = HostTensor.zeros(batch, 4, 8, 8);
            return sampled(new SampleRequest.Latent(zeros, null, places), SEED, plan);
        }
        HostTensor samples = ReducedSd15.latent("latimg3", 3);
        HostTensor masks =
                rectangleAndInverse(
                        key.contains("LatentFromBatch") ? new int[] {1, 0} : new int[] {0, 1, 0});
        if (batch == 2) {
            samples = Contexts.concat(Contexts.split(samples, 3).subList(1, 3));
        }
        return sampled(new SampleRequest.Latent(samples, masks, places), SEED, plan);
    }

    /// Masks of 64 x 64: a rectangle (0) or what is around it (1).
    private static HostTensor rectangleAndInverse(int[] which) {
        float[] out = new float[which.length * 64 * 64];
        for (int i = 0; i < out.length; i++) {
            int y = i / 64 % 64;
            int x = i % 64;
            boolean inside = y >= 16 && y < 48 && x >= 24 && x < 64;
            out[i] = inside == (which[i / (64 * 64)] == 0) ? 1 : 0;
        }
        return new HostTensor(out, which.length, 64, 64);
    }
}
