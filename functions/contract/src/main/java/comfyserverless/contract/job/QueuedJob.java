package comfyserverless.contract.job;

import java.time.Instant;

/// A job as `/queue` and `/history` show it: `[number, prompt_id, prompt, extra_data, outputs]`.
///
/// @param created when it was accepted
public record QueuedJob(double number, String promptId, PromptBody body, Instant created) {}
