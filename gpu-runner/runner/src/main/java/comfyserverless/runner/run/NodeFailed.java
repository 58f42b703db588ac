package comfyserverless.runner.run;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.job.JobResult;
import org.jspecify.annotations.Nullable;

/// Unwinds a run that cannot go on: a node failed, or nodes wait for each other.
final class NodeFailed extends RuntimeException {
    private final transient Event.NodeFailure failure;

    private final JobResult.End end;

    NodeFailed(Event.NodeFailure failure, @Nullable Throwable cause) {
        super(failure.exceptionMessage(), cause);
        this.failure = failure;
        this.end = JobResult.End.ERROR;
    }

    private NodeFailed(Event.NodeFailure failure) {
        super(failure.exceptionMessage());
        this.failure = failure;
        this.end = JobResult.End.SUCCESS;
    }

    /// Nodes that wait for each other. Clients are told of the error, but the prompt counts as a success,
    /// as in ComfyUI 0.3.64 (recorded): no node of it has failed.
    static NodeFailed cycle(Event.NodeFailure failure) {
        return new NodeFailed(failure);
    }

    /// A prompt of which a pack's validators left nothing to run.
    static NodeFailed refused(Event.NodeFailure failure) {
        return new NodeFailed(failure, null);
    }

    JobResult.End end() {
        return end;
    }

    Event.NodeFailure failure() {
        return failure;
    }
}
