package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/// A job that runs or waits, with its graph.
///
/// @param accepted tells this acceptance of the prompt id from earlier and later ones
public record ActiveJob(
        JobKey key, String accepted, @Nullable String clientId, ObjectNode prompt) {}
