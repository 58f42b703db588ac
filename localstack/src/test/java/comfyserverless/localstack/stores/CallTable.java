package comfyserverless.localstack.stores;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;

/// How many calls each step of a job makes, from `calls-per-job.json`: what [CallsPerJobIT] counts and
/// what [CostTest] multiplies by prices.
final class CallTable {
    private static final JsonNode STEPS = read("calls-per-job.json");

    private CallTable() {}

    static Map<String, Integer> of(String step) {
        Map<String, Integer> calls = new HashMap<>();
        for (Map.Entry<String, JsonNode> call : STEPS.required(step).properties()) {
            calls.put(call.getKey(), call.getValue().asInt());
        }
        return calls;
    }

    static JsonNode read(String name) {
        try (InputStream in = CallTable.class.getResourceAsStream(name)) {
            return new ObjectMapper().readTree(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
