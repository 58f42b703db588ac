package comfyserverless.contract.job;

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
}
