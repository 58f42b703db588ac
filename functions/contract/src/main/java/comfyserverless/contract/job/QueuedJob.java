package comfyserverless.contract.job;

/// A job as `/queue` and `/history` show it: `[number, prompt_id, prompt, extra_data, outputs]`.
public record QueuedJob(double number, String promptId, PromptBody body) {}
