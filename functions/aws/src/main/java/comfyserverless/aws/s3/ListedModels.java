package comfyserverless.aws.s3;

import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.ModelStore;
import comfyserverless.contract.model.StoredModel;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// What each owner has, by the index; by a look at the bucket, trusted for some seconds, until the index is
/// made.
final class ListedModels {
    private static final Duration TRUSTED = Duration.ofSeconds(5);

    private record Seen(Instant at, Map<String, List<StoredModel>> files) {}

    private final ModelStore store;
    private final ModelIndex index;
    private final Clock clock;
    private final Map<String, Seen> seen = new ConcurrentHashMap<>();

    ListedModels(ModelStore store, ModelIndex index, Clock clock) {
        this.store = store;
        this.index = index;
        this.clock = clock;
    }

    List<StoredModel> files(String owner, String folder) {
        Optional<Map<String, List<StoredModel>>> indexed = index.files(owner);
        return indexed.orElseGet(() -> inBucket(owner)).getOrDefault(folder, List.of());
    }

    private Map<String, List<StoredModel>> inBucket(String owner) {
        Instant now = clock.instant();
        seen.values().removeIf(old -> !now.isBefore(old.at().plus(TRUSTED)));
        return seen.computeIfAbsent(owner, o -> new Seen(now, byFolder(store.list(o)))).files();
    }

    private static Map<String, List<StoredModel>> byFolder(List<StoredModel> files) {
        return files.stream().collect(Collectors.groupingBy(StoredModel::folder));
    }
}
