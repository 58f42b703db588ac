package comfyserverless.handlers.pages;

import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/// What packs bring for pages, as runners published it with their nodes: functions need no pack for it. A file
/// is named by its bytes, so what was read once stays right.
public final class PublishedPackFiles implements WebFiles {
    /// So many bytes are kept in memory; what comes then is read each time.
    private static final long MOST_KEPT = 32L << 20;

    private record Seen(
            Map<String, Map<String, String>> packs, NavigableMap<String, String> digests) {}

    private final Supplier<Map<String, Map<String, String>>> packs;
    private final Function<String, Optional<byte[]>> store;
    private final Map<String, byte[]> kept = new ConcurrentHashMap<>();
    private final AtomicLong keptBytes = new AtomicLong();
    private volatile Seen seen = new Seen(Map.of(), new TreeMap<>());

    /// Files in a store.
    ///
    /// @param packs pack → path in it → digest, as it is published now
    /// @param store the bytes by digest
    public PublishedPackFiles(
            Supplier<Map<String, Map<String, String>>> packs,
            Function<String, Optional<byte[]>> store) {
        this.packs = packs;
        this.store = store;
    }

    @Override
    public Optional<byte[]> read(String path) {
        return PackWebFiles.mayBeAt(path)
                ? Optional.ofNullable(digests().get(path)).flatMap(this::bytes)
                : Optional.empty();
    }

    @Override
    public List<String> list(String folder) {
        if (!PackWebFiles.mayBeAt(folder)) {
            return List.of();
        }
        String prefix = folder + "/";
        return digests().tailMap(prefix, true).keySet().stream()
                .takeWhile(path -> path.startsWith(prefix))
                .toList();
    }

    private NavigableMap<String, String> digests() {
        Map<String, Map<String, String>> now = packs.get();
        Seen last = seen;
        if (!last.packs().equals(now)) {
            NavigableMap<String, String> digests = new TreeMap<>();
            now.forEach((pack, files) ->
                    files.forEach((path, digest) ->
                            PackWebFiles.place(pack, path)
                                    .ifPresent(place -> digests.put(place, digest))));
            last = new Seen(now, digests);
            seen = last;
        }
        return last.digests();
    }

    private Optional<byte[]> bytes(String digest) {
        byte[] known = kept.get(digest);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<byte[]> read = store.apply(digest);
        read.ifPresent(bytes -> {
            if (keptBytes.get() + bytes.length <= MOST_KEPT
                    && kept.putIfAbsent(digest, bytes) == null) {
                keptBytes.addAndGet(bytes.length);
            }
        });
        return read;
    }
}
