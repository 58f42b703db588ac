package comfyserverless.contract.job;

/// A place among a tenant's prompts, drawn before one is judged.
///
/// @param number the tenant's counter of prompts without a number of their own, from 0
/// @param seq the order of acceptance: what a clear of the queue reaches
/// @param clearSeq how far the last clear before it reached
public record Turn(long number, long seq, long clearSeq) {}
