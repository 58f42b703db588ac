package comfyserverless.contract.job;

import comfyserverless.contract.account.LimitReached;

/// What became of a prompt handed to [Jobs#enqueue].
public sealed interface Enqueued {
    /// A new job stands in the queue.
    record Accepted(double number) implements Enqueued {}

    /// The same request had been accepted before; the first answer holds.
    record Again(double number) implements Enqueued {}

    /// The id belongs to another request (or to a job that still lives).
    record Conflict(String promptId) implements Enqueued {}

    /// The tenant's queue is full.
    record Full(String reason, int retryAfterSeconds) implements Enqueued {}

    /// The tenant has as much of something as it may have; nothing was queued.
    record Limited(LimitReached reached) implements Enqueued {}

    /// The tenant is being deleted.
    record Closed() implements Enqueued {}
}
