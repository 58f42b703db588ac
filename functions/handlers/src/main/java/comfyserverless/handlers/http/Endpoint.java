package comfyserverless.handlers.http;

/// One route's code.
@FunctionalInterface
public interface Endpoint {
    /// Answers, or throws an [HttpProblem].
    Response answer(Call call);
}
