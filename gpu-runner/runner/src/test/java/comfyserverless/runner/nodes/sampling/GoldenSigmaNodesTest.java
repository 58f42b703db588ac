package comfyserverless.runner.nodes.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.diffusion.goldens.Goldens;
import comfyserverless.diffusion.sampling.Sigmas;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.nodes.GoldenNode;
import comfyserverless.runner.nodes.model.GoldenModels;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The nodes that make and change noise levels give the recorded ones.
class GoldenSigmaNodesTest {
    private static final String FILE = "sigmas/nodes_more";
    private static final double TOLERANCE = 2e-6;
    private static final List<String> SECOND = List.of(".low");

    @TestFactory
    Stream<DynamicTest> sigmas_are_the_recorded_ones() {
        return Goldens.json(FILE).stream()
                .flatMap(root -> root.path("nodes").properties().stream())
                .filter(entry -> Goldens.includes(FILE, entry.getKey()))
                .map(entry ->
                        DynamicTest.dynamicTest(
                                entry.getKey(), () -> check(entry.getKey(), entry.getValue())));
    }

    private static void check(String key, JsonNode recorded) throws Exception {
        Value made = value(key.startsWith("base = ") ? "base" : key);
        float[] sigmas =
                made instanceof Value.Json json
                        ? new float[] {(float) json.node().doubleValue()}
                        : ((Sigmas) ((Value.Handle) made).content()).toArray();
        JsonNode wanted = recorded.isArray() ? recorded : null;
        assertThat(sigmas).hasSize(wanted == null ? 1 : wanted.size());
        for (int i = 0; i < sigmas.length; i++) {
            double value = (wanted == null ? recorded : wanted.get(i)).doubleValue();
            assertThat(Math.abs(sigmas[i] - value))
                    .as("%s[%d] = %s, recorded %s", key, i, sigmas[i], value)
                    .isLessThanOrEqualTo(TOLERANCE * Math.abs(value));
        }
    }

    private static Value value(String key) throws Exception {
        return switch (key) {
            case "base" -> value("KarrasScheduler(6,10.0,0.1,7.0)");
            case "[]" -> SocketTypes.SIGMAS.value(Sigmas.NONE);
            case "sd15" -> GoldenModels.network().value();
            default -> {
                GoldenNode node = GoldenNode.of(key);
                yield node.call(node.name(), Map.of(), GoldenSigmaNodesTest::named)
                        .run()
                        .values()
                        .get(SECOND.contains(node.rest()) ? 1 : 0);
            }
        };
    }

    private static Value named(String name) {
        try {
            return value(name);
        } catch (Exception e) {
            throw new AssertionError("what is " + name + "?", e);
        }
    }
}
