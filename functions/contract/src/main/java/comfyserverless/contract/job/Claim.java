package comfyserverless.contract.job;

import org.jspecify.annotations.Nullable;

/// A runner's hold on a job: good until the lease ends or `fence` has moved on.
///
/// @param own the runner process that holds it
/// @param clientId whom its events go to, or null
public record Claim(JobKey key, double number, long fence, String own, @Nullable String clientId) {}
