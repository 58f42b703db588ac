package comfyserverless.diffusion.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.GoldenTensors;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.torch.HostTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Random numbers are those of PyTorch's CPU generator, torchsde's Brownian tree and numpy's seeds, bit for bit.
class GoldenNoiseTest {

    private static final String SEEDS = "noise/seedsequence";
    private static final int SEEDS_POOL = 8;

    @TestFactory
    Stream<DynamicTest> initial_noise_is_that_of_pytorch() {
        return keys("noise/prepare_noise", GoldenNoiseTest::checkNoise);
    }

    @TestFactory
    Stream<DynamicTest> brownian_increments_are_those_of_torchsde() {
        return keys("noise/brownian_tree", GoldenNoiseTest::checkBrownian);
    }

    @TestFactory
    Stream<DynamicTest> seed_sequences_are_those_of_numpy() {
        return Goldens.json(SEEDS).stream()
                .flatMap(root -> root.properties().stream())
                .filter(entry -> Goldens.includes(SEEDS, entry.getKey()))
                .map(entry ->
                        DynamicTest.dynamicTest(
                                entry.getKey(),
                                () ->
                                        checkSeeds(
                                                Long.parseUnsignedLong(entry.getKey()),
                                                entry.getValue())));
    }

    @FunctionalInterface
    private interface Check {
        void check(String key, HostTensor recorded);
    }

    private static Stream<DynamicTest> keys(String file, Check check) {
        return Goldens.tensors(file).stream().flatMap(golden -> keys(golden, check));
    }

    private static Stream<DynamicTest> keys(GoldenTensors golden, Check check) {
        return golden.keys().stream()
                .map(key ->
                        DynamicTest.dynamicTest(key, () -> check.check(key, golden.tensor(key))));
    }

    /// `seed42.2x4x8x8`, or `seed42.inds3_1` with the places of a batch.
    private static void checkNoise(String key, HostTensor recorded) {
        String[] parts = key.split("\\.", 2);
        long seed = Long.parseUnsignedLong(parts[0].substring("seed".length()));
        List<Integer> places =
                parts[1].startsWith("inds")
                        ? Arrays.stream(parts[1].substring("inds".length()).split("_", -1))
                                .map(Integer::valueOf)
                                .toList()
                        : List.of();
        assertThat(Noise.of(seed, places, recorded.shape())).isEqualTo(recorded);
        assertThat(Noise.of(seed, places, recorded.shape()).data())
                .containsExactly(recorded.data());
    }

    /// `seed0.cpuTrue.3_0.5_0.0291675`: the fourth call, between two sigmas of Stable Diffusion's range. `seed7.batch2.4x4`
    /// names no sigmas: it was drawn from 10 to 2 between 14 and 0.03.
    private static void checkBrownian(String key, HostTensor recorded) {
        long seed = Long.parseLong(key.substring("seed".length(), key.indexOf('.')));
        boolean named = key.contains("_");
        String[] sigmas =
                named
                        ? key.substring(key.indexOf('_') + 1).split("_", 2)
                        : new String[] {"10", "2"};
        BrownianPath path =
                named
                        ? BrownianPath.between(0.0291675f, 14.6146f, seed, recorded.shape())
                        : BrownianPath.between(0.03f, 14f, seed, recorded.shape());
        HostTensor noise =
                path.asNoise().between(Float.parseFloat(sigmas[0]), Float.parseFloat(sigmas[1]));
        assertThat(noise.data()).as(key).containsExactly(recorded.data());
    }

    private static void checkSeeds(long seed, JsonNode recorded) {
        assertThat(new SeedSequence(seed, SEEDS_POOL).generate(1))
                .containsExactly(recorded.path("SeedSequence.generate_state(1)").asLong());
        for (int child = 0; child < recorded.path("spawn2").size(); child++) {
            assertThat(new SeedSequence(seed, SEEDS_POOL, child).generate(1))
                    .containsExactly(recorded.path("spawn2").get(child).asLong());
        }
    }
}
