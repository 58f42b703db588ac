package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/// What clients posted to a running node, by a custom route of a pack; in the order of posting. What was
/// posted before the node began to read is there; a job that runs again finds all of it again.
public interface NodeMailbox {
    /// The next letter, waited for. The wait ends at once when the run is stopped.
    ///
    /// @throws NodeException if none came within the longest wait (10 minutes unless set otherwise): a
    ///     waiting node holds a GPU
    JsonNode await() throws InterruptedException;

    /// The next letter if there is one. Cheap enough to be asked at every step.
    Optional<JsonNode> poll();
}
