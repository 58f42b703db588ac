package comfyserverless.runner.claim;

import comfyserverless.contract.job.PromptBody;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// What a job needs once it has started, fetched while its start is being written.
///
/// @param body its prompt
/// @param remaining how many prompts wait or run
record Ahead(Future<PromptBody> body, Future<Integer> remaining) {
    /// The prompt; what went wrong with it is thrown here.
    PromptBody prompt() {
        return result(body);
    }

    /// The count; what went wrong with it is thrown here.
    int count() {
        return result(remaining);
    }

    private static <T> T result(Future<T> fetched) {
        try {
            return fetched.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw new IllegalStateException("a fetch failed", e);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the job had begun", e);
        }
    }
}
