package comfyserverless.contract.state;

import java.time.Duration;
import java.util.Map;

/// A bucket and how long objects under its prefixes stay; other prefixes stay for ever.
///
/// @param uploads whether pages put objects there themselves, by signed addresses
public record BucketDefinition(String name, Map<String, Duration> lifetimes, boolean uploads) {
    /// Inputs, outputs, big bodies, catalogues. Objects outlive the items that point at them.
    public static final BucketDefinition FILES =
            new BucketDefinition(
                    "files",
                    Map.of("t/", Duration.ofDays(3), "quarantine/", Duration.ofDays(1)),
                    true);

    /// `_shared/{folder}/{name}` and `{tenant}/{folder}/{name}`.
    public static final BucketDefinition MODELS = new BucketDefinition("models", Map.of(), false);

    public BucketDefinition {
        lifetimes = Map.copyOf(lifetimes);
    }
}
