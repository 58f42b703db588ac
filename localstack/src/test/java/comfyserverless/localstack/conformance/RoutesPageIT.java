package comfyserverless.localstack.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.route.RouteMatch;
import comfyserverless.contract.route.RouteTable;
import comfyserverless.localstack.extension.PackJar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Every row of ComfyUI's public page of routes (`replay/seed.json`), its message types and its custom route: known to the
/// router, described in /openapi.json and answered through the gateway, under `/` and under `/api`.
class RoutesPageIT {
    private static final List<String> PREFIXES = List.of("", "/api");
    private static final JsonNode SEED = seed();
    private static final Duration ANSWER = Duration.ofSeconds(30);

    @TempDir private static Path folder;
    private static ReplayedStack stack;

    private static JsonNode seed() {
        try (InputStream json = RoutesPageIT.class.getResourceAsStream("/replay/seed.json")) {
            return Json.readStored(Objects.requireNonNull(json).readAllBytes());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @BeforeAll
    static void start() throws IOException {
        Path packs = folder.resolve("packs");
        PackJar.ofExample(packs);
        stack = ReplayedStack.start(folder, "--node-packs", packs.toString());
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @Test
    void the_page_has_32_rows_and_6_kinds_of_messages() {
        assertThat(SEED.path("routes")).hasSize(32);
        assertThat(SEED.at("/messages/types")).hasSize(6);
    }

    @TestFactory
    Stream<DynamicTest> the_router_knows_each_row() {
        return rows(
                SEED.path("routes"),
                (prefix, row) -> {
                    String path = prefix + row.path("path").asText().replaceAll("[{}]", "");
                    assertThat(RouteTable.CORE.match(row.path("method").asText(), path))
                            .isInstanceOfSatisfying(
                                    RouteMatch.Found.class,
                                    found -> assertThat(found.route().built()).isTrue());
                });
    }

    @TestFactory
    Stream<DynamicTest> openapi_describes_each_row() throws IOException {
        Set<String> described = described();
        return rows(
                withCustomRoute(),
                (prefix, row) -> {
                    boolean index = row.path("path").asText().equals("/");
                    String path = prefix + row.path("path").asText().replaceAll("\\{[^}]*}", "{}");
                    assertThat(described)
                            .containsAnyOf(
                                    row.path("method").asText() + " " + path,
                                    // the page itself is described once
                                    index ? row.path("method").asText() + " /" : "");
                });
    }

    @TestFactory
    Stream<DynamicTest> the_gateway_brings_each_row_to_its_answer() {
        return rows(
                withCustomRoute(),
                (prefix, row) -> {
                    ObjectNode one = Json.object().put("no_reset", true);
                    one.putArray("steps").add(row.path("step"));
                    assertThat(new Replayer(stack.uri(), prefix).difference(one)).isEmpty();
                });
    }

    @TestFactory
    Stream<DynamicTest> each_kind_of_message_arrives() {
        return PREFIXES.stream()
                .map(prefix ->
                        dynamicTest(
                                prefix + "/ws",
                                () ->
                                        assertThat(
                                                        new Replayer(stack.uri(), prefix)
                                                                .difference(SEED.path("messages")))
                                                .isEmpty()));
    }

    private static JsonNode withCustomRoute() {
        return Json.mapper()
                .createArrayNode()
                .addAll(StreamSupport.stream(SEED.path("routes").spliterator(), false).toList())
                .add(SEED.path("custom_route"));
    }

    /// `GET /models/{}` for every operation of /openapi.json.
    private static Set<String> described() throws IOException {
        RawHttp.Request request = new RawHttp.Request("GET", "/openapi.json", Map.of(), null);
        JsonNode openapi = Json.read(new RawHttp(stack.uri(), ANSWER).send(request).body());
        Set<String> described = new HashSet<>();
        for (Map.Entry<String, JsonNode> path : openapi.path("paths").properties()) {
            String known = path.getKey().replaceAll("\\{[^}]*}", "{}");
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(method ->
                            described.add(method.toUpperCase(java.util.Locale.ROOT) + " " + known));
        }
        return described;
    }

    @FunctionalInterface
    private interface Check {
        void holds(String prefix, JsonNode row) throws IOException;
    }

    private static Stream<DynamicTest> rows(JsonNode rows, Check check) {
        return PREFIXES.stream()
                .flatMap(prefix ->
                        StreamSupport.stream(rows.spliterator(), false)
                                .map(row ->
                                        dynamicTest(
                                                row.path("method").asText()
                                                        + " "
                                                        + prefix
                                                        + row.path("path").asText(),
                                                () -> check.holds(prefix, row))));
    }
}
