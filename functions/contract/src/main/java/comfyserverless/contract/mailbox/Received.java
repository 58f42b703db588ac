package comfyserverless.contract.mailbox;

import com.fasterxml.jackson.databind.JsonNode;

/// A letter in a job's mailbox.
///
/// @param number its place in the mailbox; numbers may be missing, and a lower one may come later
/// @param nodeId which node of the job it is for
public record Received(long number, String nodeId, JsonNode content) {}
