package comfyserverless.contract.prompt;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import java.util.List;

/// What validation found.
public sealed interface Validation {
    /// Some outputs can run. `nodeErrors` tells of those that cannot.
    ///
    /// @param prompt the graph with its values coerced ("8" → 8), as it is stored and shown
    /// @param outputs ids of the output nodes that will run, in the order of the prompt
    record Valid(ObjectNode prompt, List<String> outputs, NodeErrors nodeErrors)
            implements Validation {
        public Valid {
            outputs = List.copyOf(outputs);
        }
    }

    /// Nothing can run: a 400 with this body.
    record Invalid(PromptError error, NodeErrors nodeErrors) implements Validation {
        /// `{"error": …, "node_errors": …}`.
        public ObjectNode json() {
            ObjectNode json = Json.object();
            json.set("error", error.json());
            json.set("node_errors", nodeErrors.json());
            return json;
        }
    }
}
