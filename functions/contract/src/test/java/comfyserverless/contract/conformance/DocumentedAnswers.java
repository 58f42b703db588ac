package comfyserverless.contract.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.route.RouteMatch;
import comfyserverless.contract.route.RouteTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Holds bodies and answers against what /openapi.json says of them.
public final class DocumentedAnswers {
    private static final String SCHEMAS = "#/components/schemas/";
    private static final String DRAFT = "https://json-schema.org/draft/2020-12/schema";

    private final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private final JsonNode components;
    private final Map<String, JsonNode> operations = new HashMap<>();
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    /// @param document the whole of /openapi.json
    public DocumentedAnswers(JsonNode document) {
        this.components = document.path("components");
        for (JsonNode path : document.path("paths")) {
            for (JsonNode operation : path) {
                operations.put(operation.path("operationId").asText(), operation);
            }
        }
    }

    /// What is wrong with the answer of a request that succeeded; empty where the document says nothing
    /// of its shape.
    ///
    /// @param path as sent, without the query
    public Optional<List<String>> wrongsOfAnswer(String method, String path, JsonNode answer) {
        return wrongs(method, path, "/responses/200/content/application~1json/schema", answer);
    }

    /// What is wrong with the JSON body of a request.
    public Optional<List<String>> wrongsOfBody(String method, String path, JsonNode body) {
        return wrongs(method, path, "/requestBody/content/application~1json/schema", body);
    }

    private Optional<List<String>> wrongs(
            String method, String path, String pointer, JsonNode json) {
        if (!(RouteTable.CORE.match(method, path) instanceof RouteMatch.Found found)) {
            return Optional.empty();
        }
        String name = found.route().name();
        return Optional.ofNullable(operations.getOrDefault(name, operations.get("api." + name)))
                .map(operation -> operation.at(pointer).path("$ref").asText())
                .filter(reference -> !reference.isEmpty())
                .map(reference -> wrongsOf(reference.substring(SCHEMAS.length()), json));
    }

    /// What is wrong with JSON that is to have a shape of the document.
    public List<String> wrongsOf(String name, JsonNode json) {
        Schema schema = schemas.computeIfAbsent(name, this::schema);
        return schema.validate(json.toString(), InputFormat.JSON).stream()
                .map(Error::toString)
                .toList();
    }

    private Schema schema(String name) {
        if (!components.path("schemas").has(name)) {
            throw new IllegalArgumentException("the document has no schema " + name);
        }
        ObjectNode whole = Json.object().put("$schema", DRAFT).put("$ref", SCHEMAS + name);
        whole.set("components", components);
        return registry.getSchema(whole.toString(), InputFormat.JSON);
    }
}
