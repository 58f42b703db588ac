package comfyserverless.runner.run;

import java.time.Duration;

/// What a runner keeps of what nodes made.
///
/// @param mode what it keeps in its own memory
/// @param shared how many bytes of a tenant's results are kept where every runner finds them; 0 for none
/// @param worth only what took a node at least so long is kept there
public record CacheSettings(CacheMode mode, long shared, Duration worth) {
    private static final Duration WORTH = Duration.ofMillis(200);

    public CacheSettings {
        if (shared < 0) {
            throw new IllegalArgumentException(
                    "a shared cache of " + shared + " bytes: 0 for none, else more");
        }
    }

    /// ComfyUI's own: the results of the last prompt, in memory.
    public static CacheSettings standard() {
        return new CacheSettings(new CacheMode.Classic(), 0, WORTH);
    }

    public CacheSettings withMode(CacheMode other) {
        return new CacheSettings(other, shared, worth);
    }

    public CacheSettings withShared(long bytes) {
        return new CacheSettings(mode, bytes, worth);
    }
}
