package comfyserverless.contract.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.conformance.Recordings;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RouteTableTest {
    private static RouteMatch match(String method, String path) {
        return RouteTable.CORE.match(method, path);
    }

    private static RouteMatch.Found found(String method, String path) {
        RouteMatch match = match(method, path);
        assertThat(match).as(method + " " + path).isInstanceOf(RouteMatch.Found.class);
        return (RouteMatch.Found) match;
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /prompt, prompt.remaining",
        "post, /api/prompt, prompt.submit",
        "GET, /history/a%2Fb, history.show",
        "GET, /object_info/Empty%49mage, nodes.one",
        "POST, /userdata/a%2Fb.json/move/c%2Fd.json, userdata.move",
        "GET, /experiment/models/preview/loras/0/sub/x.safetensors, models.preview",
        "GET, /api/jobs/1, jobs.show",
        "POST, /api/jobs/cancel, jobs.cancel-several",
        "GET, /, page.index",
        "GET, /scripts/app.js, page.file",
        "GET, /upload/image, page.file",
        "GET, /api/internal/logs, page.file",
        "GET, /jobs, page.file",
        "GET, /prompt/, page.file",
        "GET, /internal/logs, internal.log",
    })
    void a_request_finds_its_route(String method, String path, String name) {
        assertThat(found(method, path).route().name()).isEqualTo(name);
    }

    @Test
    void parameters_are_decoded_after_the_segments_are_split() {
        RouteMatch.Found move = found("POST", "/api/userdata/a%2Fb+c%20d.json/move/%C3%A9");
        assertThat(move.parameter("file")).isEqualTo("a/b+c d.json");
        assertThat(move.parameter("dest")).isEqualTo("é");
        assertThat(found("GET", "/models/..%2f").parameter("folder")).isEqualTo("../");
        assertThat(found("GET", "/extensions/core/a%20b.js").parameter("path"))
                .isEqualTo("core/a b.js");
    }

    @Test
    void head_is_answered_where_get_is() {
        assertThat(found("HEAD", "/queue").head()).isTrue();
        assertThat(found("GET", "/queue").head()).isFalse();
    }

    @Test
    void options_is_answered_everywhere() {
        assertThat(match("OPTIONS", "/no/such")).isEqualTo(new RouteMatch.Options());
    }

    static Stream<JsonNode> wrongMethods() {
        return Recordings.of("http").stream()
                .filter(c -> c.name().equals("wrong-method-405"))
                .flatMap(c -> c.json().path("steps").valueStream());
    }

    @ParameterizedTest
    @MethodSource("wrongMethods")
    void a_wrong_method_gets_the_recorded_allow(JsonNode step) {
        String method = step.at("/request/method").asText();
        RouteMatch match = match(method, step.at("/request/path").asText());
        if (step.at("/expect/status").asInt() == 405) {
            assertThat(match).isInstanceOf(RouteMatch.WrongMethod.class);
            assertThat(((RouteMatch.WrongMethod) match).allow())
                    .isEqualTo(step.at("/expect/headers/allow").asText());
        } else {
            assertThat(match)
                    .isInstanceOfSatisfying(
                            RouteMatch.Found.class,
                            f -> assertThat(f.route().name()).isEqualTo("page.file"));
        }
    }

    @Test
    void names_are_unique() {
        List<String> names = RouteTable.CORE.routes().stream().map(Route::name).toList();
        assertThat(names).doesNotHaveDuplicates();
    }
}
