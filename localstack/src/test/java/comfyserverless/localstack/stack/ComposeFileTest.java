package comfyserverless.localstack.stack;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import comfyserverless.aws.AwsSettings;
import comfyserverless.localstack.settings.CommandLine;
import comfyserverless.localstack.settings.LocalSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What compose.yaml tells the gateway and the runner fits together, and the images beside it.
class ComposeFileTest {
    private static final URI STORES = URI.create("http://localstack:4566");

    private final JsonNode file;
    private final JsonNode services;

    ComposeFileTest() throws IOException {
        file = new YAMLMapper().readTree(Path.of("compose.yaml").toFile());
        services = file.path("services");
    }

    private List<String> command(String service) {
        List<String> command = new ArrayList<>();
        services.path(service).path("command").forEach(word -> command.add(word.asText()));
        return command;
    }

    /// Each service has the stores' and adds its own.
    private Map<String, String> environment(String service) {
        Map<String, String> environment = new HashMap<>();
        file.path("x-stores")
                .properties()
                .forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
        services.path(service)
                .path("environment")
                .properties()
                .forEach(e -> environment.put(e.getKey(), e.getValue().asText()));
        return environment;
    }

    private LocalSettings gateway() {
        List<String> words = command("gateway");
        assertThat(words.getFirst()).isEqualTo("comfyserverless.localstack.LocalMain");
        CommandLine.Parsed parsed =
                CommandLine.parse(
                        words.subList(1, words.size()), Path.of("/tmp"), Path.of("/data"));
        if (parsed instanceof CommandLine.Parsed.Run(LocalSettings settings)) {
            return settings;
        }
        throw new AssertionError(parsed.toString());
    }

    @Test
    void the_gateway_starts_with_these_flags_and_leaves_jobs_to_the_runner() {
        LocalSettings settings = gateway();
        assertThat(settings.endpoint()).isEqualTo(STORES);
        assertThat(settings.running().runners()).isZero();
        assertThat(settings.folders().data()).isEqualTo(Path.of("/data"));
        assertThat(environment("gateway")).containsEntry("AWS_ENDPOINT_URL", STORES.toString());
    }

    @Test
    void the_runner_looks_where_the_gateway_puts_things() {
        EndpointStores stores = new EndpointStores(STORES, environment("gateway"));
        AwsSettings runner = AwsSettings.of(environment("runner"));
        assertThat(runner.names())
                .usingRecursiveComparison()
                .ignoringFields("webhooks") // runners call nobody
                .isEqualTo(stores.settings(null, false).names());
        URI management = runner.endpoints().management();
        assertThat(management).isEqualTo(URI.create("http://gateway:8188"));
        assertThat(Hosts.trusted(gateway().listening())).contains("gateway");
    }

    @Test
    void both_come_from_the_image_beside_this_file_and_are_looked_after() throws IOException {
        String image = Files.readString(Path.of("Dockerfile"));
        for (String service : List.of("gateway", "runner")) {
            JsonNode made = services.path(service);
            assertThat(made.at("/build/dockerfile").asText()).isEqualTo("localstack/Dockerfile");
            assertThat(made.path("read_only").asBoolean()).isTrue();
            assertThat(made.path("healthcheck").has("test")).isTrue();
            made.path("volumes")
                    .forEach(volume ->
                            assertThat(image)
                                    .contains("\"" + volume.asText().split(":", -1)[1] + "\""));
        }
    }
}
