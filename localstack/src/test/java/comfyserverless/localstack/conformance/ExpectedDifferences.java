package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The recorded cases that the local stack answers otherwise: by decision (`docs/differences.json`), or since their nodes
/// are not built yet (`not-built-yet.json`, with the issue that builds them). Each must differ, so the lists shrink.
final class ExpectedDifferences {
    private static final Path DECIDED = Path.of("../docs/differences.json");
    private static final String NOT_BUILT = "/replay/not-built-yet.json";

    private final Map<String, String> reasons;

    private ExpectedDifferences(Map<String, String> reasons) {
        this.reasons = Map.copyOf(reasons);
    }

    static ExpectedDifferences read() {
        Map<String, String> reasons = new HashMap<>();
        try (InputStream notBuilt = ExpectedDifferences.class.getResourceAsStream(NOT_BUILT)) {
            if (notBuilt == null) {
                throw new IllegalStateException("the test resources lack " + NOT_BUILT);
            }
            add(reasons, Json.readStored(Files.readAllBytes(DECIDED)), "by decision, ");
            add(reasons, Json.readStored(notBuilt.readAllBytes()), "not built yet, ");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ExpectedDifferences(reasons);
    }

    private static void add(Map<String, String> reasons, JsonNode list, String kind) {
        list.properties().forEach(e -> reasons.put(e.getKey(), kind + e.getValue().asText()));
    }

    /// Why a case differs, by its file (`exec/chain.json`); empty if it must not.
    Optional<String> reason(String file) {
        return Optional.ofNullable(reasons.get(file));
    }
}
