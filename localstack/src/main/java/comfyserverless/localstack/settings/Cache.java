package comfyserverless.localstack.settings;

/// Which results of nodes a runner keeps for the next prompt.
public sealed interface Cache {

    /// Those of the last prompt.
    record Classic() implements Cache {}

    /// Those used last, at most so many.
    record Lru(int entries) implements Cache {}

    /// As many as leave so many bytes of the heap free.
    record FreeMemory(long headroom) implements Cache {}

    record None() implements Cache {}
}
