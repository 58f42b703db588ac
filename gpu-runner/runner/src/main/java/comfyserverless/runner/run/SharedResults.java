package comfyserverless.runner.run;

import comfyserverless.contract.result.Results;
import comfyserverless.contract.table.Digests;
import comfyserverless.runner.report.Lease;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Results of nodes that all runners of a tenant share: another one, or the same after a crash, goes on
/// where a job was. Whatever goes wrong here only costs time.
public final class SharedResults {
    /// So many are on their way into the store at once; what comes meanwhile is not kept.
    private static final int MOST_ON_THE_WAY = 4;

    private static final Logger LOG = LoggerFactory.getLogger(SharedResults.class);

    private final @Nullable Results results;
    private final ResultCodec codec;
    private final String version;
    private final Duration worth;
    private final Consumer<Runnable> background;
    private final Semaphore places = new Semaphore(MOST_ON_THE_WAY);

    private SharedResults(
            @Nullable Results results,
            ResultCodec codec,
            String version,
            Duration worth,
            Consumer<Runnable> background) {
        this.results = results;
        this.codec = codec;
        this.version = version;
        this.worth = worth;
        this.background = background;
    }

    /// Results kept in that store.
    ///
    /// @param handles writes and reads what only the host of its nodes understands
    /// @param version what the nodes of this runner are; others' results mean something else
    /// @param worth results that took a node less are not kept
    /// @param background runs what nobody waits for
    public static SharedResults in(
            Results results,
            HandleStore handles,
            String version,
            Duration worth,
            Consumer<Runnable> background) {
        return new SharedResults(results, new ResultCodec(handles), version, worth, background);
    }

    /// Shares nothing.
    public static SharedResults none() {
        return new SharedResults(
                null, new ResultCodec(HandleStore.NONE), "", Duration.ZERO, Runnable::run);
    }

    boolean isOn() {
        return results != null;
    }

    private String name(String signature) {
        return Digests.hex((version + "/" + signature).getBytes(StandardCharsets.UTF_8));
    }

    /// Those of the signatures whose results are kept.
    Set<String> find(String tenant, Collection<String> signatures) {
        Results kept = results;
        if (kept == null || signatures.isEmpty()) {
            return Set.of();
        }
        Map<String, String> names = new HashMap<>();
        signatures.forEach(signature -> names.put(name(signature), signature));
        try {
            Set<String> found = new HashSet<>();
            kept.find(tenant, names.keySet()).forEach(name -> found.add(names.get(name)));
            return found;
        } catch (UncheckedIOException e) {
            LOG.warn("cannot look for kept results of {}", tenant, e);
            return Set.of();
        }
    }

    Optional<NodeResult> read(String tenant, String signature) {
        Results kept = results;
        if (kept == null) {
            return Optional.empty();
        }
        try {
            return kept.read(tenant, name(signature)).flatMap(codec::decode);
        } catch (RuntimeException | LinkageError e) {
            LOG.warn("cannot read a kept result of {}", tenant, e);
            return Optional.empty();
        }
    }

    /// Keeps a result if it is worth it, in the background.
    void keep(CacheKey key, NodeResult result, Duration took, Lease lease) {
        Results kept = results;
        if (kept == null || took.compareTo(worth) < 0 || !places.tryAcquire()) {
            return;
        }
        background.accept(() -> {
            try {
                Optional<byte[]> bytes = codec.encode(result);
                if (bytes.isPresent() && lease.awaitWritable()) {
                    kept.keep(key.tenant(), name(key.signature()), bytes.get());
                }
            } catch (RuntimeException | LinkageError e) {
                LOG.warn("cannot keep a result of {}", key.tenant(), e);
            } finally {
                places.release();
            }
        });
    }

    /// Drops all of a tenant's.
    void clear(String tenant) {
        Results kept = results;
        if (kept != null) {
            try {
                kept.clear(tenant);
            } catch (UncheckedIOException e) {
                LOG.warn("cannot drop the kept results of {}", tenant, e);
            }
        }
    }
}
