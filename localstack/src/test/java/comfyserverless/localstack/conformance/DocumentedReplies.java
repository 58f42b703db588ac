package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.conformance.DocumentedAnswers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Holds every answer that a running server gives against what its own /openapi.json says of it.
final class DocumentedReplies {
    private final DocumentedAnswers documented;

    private DocumentedReplies(DocumentedAnswers documented) {
        this.documented = documented;
    }

    /// Of the document that the server serves.
    static DocumentedReplies read(RawHttp http) throws IOException {
        Reply reply = http.send(new RawHttp.Request("GET", "/openapi.json", Map.of(), null));
        JsonNode document =
                reply.json().orElseThrow(() -> new IOException("no /openapi.json: " + reply));
        return new DocumentedReplies(new DocumentedAnswers(document));
    }

    /// What is wrong with the answer, if anything is.
    Optional<String> difference(RawHttp.Request request, Reply reply) {
        if (reply.status() != 200 || request.method().equals("HEAD")) {
            return Optional.empty();
        }
        String path = request.target().replaceAll("\\?.*", "");
        return reply.json()
                .flatMap(json -> documented.wrongsOfAnswer(request.method(), path, json))
                .filter(wrongs -> !wrongs.isEmpty())
                .map(wrongs -> "not as /openapi.json says: " + List.copyOf(wrongs) + " " + reply);
    }
}
