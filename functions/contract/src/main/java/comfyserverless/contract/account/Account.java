package comfyserverless.contract.account;

import java.time.Instant;

/// A tenant as those who run the deployment see it.
///
/// @param made since when it is known
/// @param own the limits that it has of its own; for others the deployment's hold
/// @param closing whether it is being deleted
public record Account(String tenant, Instant made, Limits own, boolean closing) {}
