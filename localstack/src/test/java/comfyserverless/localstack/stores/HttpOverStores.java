package comfyserverless.localstack.stores;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.aws.Aws;
import comfyserverless.contract.event.Post;
import comfyserverless.contract.fake.InMemoryModels;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.HttpEntry;
import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.handlers.objectinfo.Nodes;
import comfyserverless.handlers.objectinfo.PublishedNodes;
import comfyserverless.handlers.pages.MountedWebFiles;
import comfyserverless.localstack.gateway.LocalContext;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/// One instance of the HTTP function over the embedded stores, for a tenant of its own.
final class HttpOverStores {
    private final HttpEntry entry;
    private final Map<String, String> headers;

    HttpOverStores(Aws aws, Post post, String tenant) {
        this(
                aws,
                post,
                Clock.systemUTC(),
                noModels(),
                HandlerSettings.defaults().withTenant(tenant),
                Map.of());
    }

    /// One that asks who calls.
    static HttpOverStores withAuth(Aws aws, Post post, AuthSettings auth) {
        return new HttpOverStores(
                aws,
                post,
                Clock.systemUTC(),
                noModels(),
                HandlerSettings.defaults().withAuth(auth),
                Map.of());
    }

    /// One that asks for keys, called with this one.
    static HttpOverStores withKey(Aws aws, Post post, String key) {
        return new HttpOverStores(
                aws,
                post,
                Clock.systemUTC(),
                noModels(),
                HandlerSettings.defaults().withAuth(AuthSettings.localKeys()),
                Map.of("x-api-key", key));
    }

    /// As in the cloud: the nodes that were published, the models that are in the bucket.
    static HttpOverStores inTheCloud(Aws aws, String tenant, Clock clock, Path scratch) {
        Nodes nodes = new PublishedNodes(aws.catalogues(), name -> Optional.empty(), clock);
        return new HttpOverStores(
                aws,
                new RecordingPost(false),
                clock,
                new HandlerPorts.Content(aws.models(scratch), nodes, new MountedWebFiles(Map.of())),
                HandlerSettings.defaults().withTenant(tenant),
                Map.of());
    }

    private static HandlerPorts.Content noModels() {
        return new HandlerPorts.Content(
                new InMemoryModels(), HttpOverStores::nodes, new MountedWebFiles(Map.of()));
    }

    private HttpOverStores(
            Aws aws,
            Post post,
            Clock clock,
            HandlerPorts.Content content,
            HandlerSettings settings,
            Map<String, String> headers) {
        this.headers = headers;
        HandlerPorts ports =
                new HandlerPorts(
                        aws.ports(),
                        content,
                        new HandlerPorts.Messages(post, connectionId -> {}),
                        new HandlerPorts.Chance(clock, () -> UUID.randomUUID().toString()),
                        settings);
        this.entry = new HttpEntry(ports);
    }

    private static Nodes.Known nodes() {
        NodeDefinition preview =
                NodeDefinition.of("PreviewAny", "nodes")
                        .required("source", InputSpec.link("*"))
                        .outputNode()
                        .build();
        return new Nodes.Known("digest", Map.of("PreviewAny", preview), name -> Optional.empty());
    }

    JsonNode get(String pathAndQuery) {
        return call("GET", pathAndQuery, "");
    }

    JsonNode post(String path, String body) {
        return call("POST", path, body);
    }

    JsonNode queue(String promptId) {
        return post(
                "/prompt",
                "{\"prompt\":{\"1\":{\"class_type\":\"PreviewAny\",\"inputs\":{\"source\":\"x\"}}},"
                        + "\"prompt_id\":\""
                        + promptId
                        + "\"}");
    }

    /// How a GET with these headers is answered.
    int status(String path, Map<String, String> sent) {
        return answer("GET", path, "", sent).path("statusCode").asInt();
    }

    /// The answer's JSON; missing where it has no body.
    JsonNode call(String method, String pathAndQuery, String body) {
        JsonNode answer = answer(method, pathAndQuery, body, headers);
        int status = answer.path("statusCode").asInt();
        if (status >= 300) {
            throw new AssertionError(method + " " + pathAndQuery + ": " + answer);
        }
        String text = answer.path("body").asText("");
        return text.isEmpty() ? Json.object() : Json.read(text);
    }

    private JsonNode answer(
            String method, String pathAndQuery, String body, Map<String, String> more) {
        String[] split = pathAndQuery.split("\\?", 2);
        ObjectNode event = Json.object().put("rawPath", split[0]);
        event.put("rawQueryString", split.length == 1 ? "" : split[1]);
        ObjectNode sent = event.putObject("headers").put("host", "127.0.0.1:8188");
        more.forEach(sent::put);
        event.putObject("requestContext").putObject("http").put("method", method);
        event.put("body", body).put("isBase64Encoded", false);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            entry.handleRequest(
                    new ByteArrayInputStream(Json.writeBytes(event)), out, LocalContext.HTTP);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return Json.readStored(out.toByteArray());
    }
}
