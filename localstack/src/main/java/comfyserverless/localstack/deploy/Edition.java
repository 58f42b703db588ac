package comfyserverless.localstack.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;

/// Whether a LocalStack has the services that the whole deployment takes; those of some come with a token only.
final class Edition {
    private static final List<String> NEEDED = List.of("apigatewayv2", "lambda");
    private static final Duration ANSWER = Duration.ofSeconds(10);

    private Edition() {}

    /// Looks before anything is deployed.
    ///
    /// @throws IllegalStateException with what is missing and what to do
    static void requireWhole(URI endpoint) {
        JsonNode health = health(endpoint);
        List<String> missing =
                NEEDED.stream().filter(name -> !health.path("services").has(name)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "The LocalStack at %s (version %s) has no %s: start one with LOCALSTACK_AUTH_TOKEN set to a token whose plan has them, or deploy to MiniStack with --ministack"
                            .formatted(
                                    endpoint,
                                    health.path("version").asText("unknown"),
                                    String.join(" and no ", missing)));
        }
    }

    private static JsonNode health(URI endpoint) {
        URI address = URI.create(endpoint + "/_localstack/health");
        HttpRequest request = HttpRequest.newBuilder(address).timeout(ANSWER).build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                return Json.read(answer.body());
            }
            throw other(address, "it answered " + answer.statusCode());
        } catch (MalformedJson e) {
            throw other(address, "its answer is no JSON");
        } catch (IOException e) {
            throw other(address, "it did not answer: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw other(address, "the look was interrupted");
        }
    }

    private static IllegalStateException other(URI address, String what) {
        return new IllegalStateException(
                "No LocalStack at "
                        + address
                        + ", "
                        + what
                        + ". Give --endpoint URL, and --ministack where that is MiniStack");
    }
}
