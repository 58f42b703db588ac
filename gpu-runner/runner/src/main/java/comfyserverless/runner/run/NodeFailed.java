package comfyserverless.runner.run;

import comfyserverless.contract.event.Event;

/// Unwinds a run whose node failed.
final class NodeFailed extends RuntimeException {
    private final transient Event.NodeFailure failure;

    NodeFailed(Event.NodeFailure failure, Throwable cause) {
        super(failure.exceptionMessage(), cause);
        this.failure = failure;
    }

    Event.NodeFailure failure() {
        return failure;
    }
}
