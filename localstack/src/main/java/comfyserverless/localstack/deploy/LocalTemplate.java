package comfyserverless.localstack.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.net.URI;
import java.util.Locale;
import java.util.Map;

/// The API stack's template with the few values that are different on an emulator: the addresses that
/// functions call, the processor they run on, and no secret of CloudFront's, which is not there; if asked for, webhooks to
/// the emulator's own machine.
final class LocalTemplate {
    private static final String FUNCTION = "AWS::Lambda::Function";

    private final ObjectNode template;

    private LocalTemplate(ObjectNode template) {
        this.template = template;
    }

    /// @param template as `cdk synth` writes it; not changed
    static JsonNode of(ObjectNode template, DeploySettings settings) {
        LocalTemplate local = new LocalTemplate(template.deepCopy());
        local.rewrite(settings);
        return local.template;
    }

    private void rewrite(DeploySettings settings) {
        JsonNode connections = connections(settings.inside());
        for (JsonNode resource : template.path("Resources")) {
            if (!FUNCTION.equals(resource.path("Type").asText())) {
                continue;
            }
            ObjectNode function = (ObjectNode) resource.path("Properties");
            function.putArray("Architectures").add(architecture());
            if (!settings.emulator().bringsJava()) {
                function.put("Runtime", "provided.al2023").remove("SnapStart");
            }
            ObjectNode variables = (ObjectNode) function.at("/Environment/Variables");
            variables
                    .put("AWS_ENDPOINT_URL", settings.inside().toString())
                    .put("COMFY_ORIGIN_SECRETS", "")
                    .put("COMFY_AUTH", "none");
            if (settings.webhookLoopback()) {
                variables.put("COMFY_WEBHOOK_LOOPBACK", "true");
            }
            variables.set("COMFY_CONNECTIONS_ENDPOINT", connections);
        }
    }

    /// The emulator's address for the connections of the template's WebSocket API, whose id is only known
    /// once it is made.
    private JsonNode connections(URI inside) {
        String api = socketApi();
        ObjectNode joined = Json.object();
        joined.putArray("Fn::Join")
                .add("")
                .addArray()
                .add(inside + "/_aws/execute-api/")
                .add(Json.object().put("Ref", api))
                .add("/" + stage(api));
        return joined;
    }

    private String socketApi() {
        for (Map.Entry<String, JsonNode> resource : template.path("Resources").properties()) {
            if ("WEBSOCKET".equals(resource.getValue().at("/Properties/ProtocolType").asText())) {
                return resource.getKey();
            }
        }
        throw new IllegalStateException("the template has no WebSocket API");
    }

    private String stage(String api) {
        for (JsonNode resource : template.path("Resources")) {
            if ("AWS::ApiGatewayV2::Stage".equals(resource.path("Type").asText())
                    && api.equals(resource.at("/Properties/ApiId/Ref").asText())) {
                return resource.at("/Properties/StageName").asText();
            }
        }
        throw new IllegalStateException("the WebSocket API " + api + " has no stage");
    }

    private static String architecture() {
        String processor = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return processor.equals("aarch64") || processor.equals("arm64") ? "arm64" : "x86_64";
    }
}
