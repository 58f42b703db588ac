package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.route.Family;
import comfyserverless.contract.route.Prefix;
import comfyserverless.contract.route.Route;
import comfyserverless.contract.route.RouteMatch;
import comfyserverless.contract.route.Routes;
import comfyserverless.handlers.extension.Extensions;
import comfyserverless.handlers.http.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// /openapi.json says of every route what is so.
class OpenApiTest {
    private final TestServer server = new TestServer();
    private final Extensions extensions = new Extensions(List.of(new SamplePack()));
    private final HttpEntry http = new HttpEntry(server.ports.withExtensions(extensions));
    private final JsonNode document = TestServer.json(call("GET", "/openapi.json"));

    private Response call(String method, String path) {
        return http.answer(TestServer.event(method, path, new byte[0]));
    }

    private record Operation(String method, String path, JsonNode description) {}

    private List<Operation> operations() {
        List<Operation> operations = new ArrayList<>();
        document.path("paths")
                .properties()
                .forEach(path ->
                        path.getValue()
                                .properties()
                                .forEach(method ->
                                        operations.add(
                                                new Operation(
                                                        method.getKey().toUpperCase(Locale.ROOT),
                                                        path.getKey(),
                                                        method.getValue()))));
        return operations;
    }

    @Test
    void every_operation_leads_to_the_route_that_it_names() {
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        for (Operation operation : operations()) {
            String path = operation.path().replace("{", "").replace("}", "");
            RouteMatch match = extensions.table().match(operation.method(), path);
            assertThat(match).as(operation.path()).isInstanceOf(RouteMatch.Found.class);
            String id = operation.description().path("operationId").asText();
            String name = id.startsWith("api.") ? id.substring("api.".length()) : id;
            if (operation.path().contains("{")) {
                assertThat(operation.description().path("parameters")).isNotEmpty();
            } else {
                assertThat(((RouteMatch.Found) match).route().name()).isEqualTo(name);
            }
        }
        assertThat(operations())
                .extracting(o -> o.description().path("operationId").asText())
                .doesNotHaveDuplicates();
    }

    @Test
    void what_is_not_described_is_not_answered() {
        List<String> described =
                operations().stream()
                        .map(o -> o.description().path("operationId").asText())
                        .toList();
        for (Route route : extensions.table().routes()) {
            String prefix = route.prefix() == Prefix.BARE ? "" : "/api";
            String path = prefix + route.path().replaceAll("[{}+]", "");
            boolean named =
                    described.contains(route.name()) || described.contains("api." + route.name());
            if (!named) {
                assertThat(call(route.method().name(), path).status())
                        .as(route.name())
                        .isIn(404, 405);
            }
        }
    }

    @Test
    void packs_stand_among_the_routes_with_their_variables() {
        JsonNode thing = document.path("paths").path("/api/sample/things/{id}").path("put");
        assertThat(thing.path("operationId").asText()).isEqualTo("api.sample.put-sample-things-id");
        assertThat(thing.path("tags").path(0).asText()).isEqualTo("extension");
        assertThat(thing.path("parameters").path(0).path("name").asText()).isEqualTo("id");
        long rows =
                operations().stream()
                        .filter(o ->
                                o.description().path("tags").path(0).asText().equals("extension"))
                        .count();
        long routes =
                extensions.table().routes().stream()
                        .filter(route -> route.family() == Family.EXTENSION)
                        .count();
        assertThat(rows).isEqualTo(2 * routes);
    }

    @Test
    void every_route_of_the_server_has_a_description_and_none_is_left_over() throws IOException {
        try (InputStream in = HttpEntry.class.getResourceAsStream("system/operations.json")) {
            assertThat(in).isNotNull();
            List<String> described =
                    Json.readStored(in.readAllBytes()).properties().stream()
                            .map(Map.Entry::getKey)
                            .toList();
            assertThat(described)
                    .containsExactlyInAnyOrderElementsOf(
                            Routes.ALL.stream().map(Route::name).toList());
        }
    }

    @Test
    void real_answers_have_the_types_and_the_error_shape_that_it_says() {
        for (Operation operation : operations()) {
            String path = operation.path().replaceAll("\\{\\w+}", "x");
            Response response = call(operation.method(), path);
            String type = response.headers().getOrDefault("content-type", "");
            String where = operation.method() + " " + path + " " + response.status();
            if (response.status() == 200) {
                String said =
                        operation.description().at("/responses/200/content").fieldNames().next();
                assertThat(said.equals("*/*") || type.startsWith(said)).as(where + type).isTrue();
            } else if (type.startsWith("application/json")) {
                JsonNode error = TestServer.json(response).path("error");
                assertThat(error.isTextual() || error.path("message").isTextual())
                        .as(where)
                        .isTrue();
            }
        }
    }
}
