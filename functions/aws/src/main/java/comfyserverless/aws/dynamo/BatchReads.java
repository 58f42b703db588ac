package comfyserverless.aws.dynamo;

import static comfyserverless.aws.Failures.translated;

import comfyserverless.contract.job.Pause;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;

/// Reads many items by their keys, a hundred in a call and several calls side by side.
final class BatchReads {
    private static final int BATCH = 100;
    private static final int AT_ONCE = 8;

    private final DynamoDbClient dynamo;
    private final String name;
    private final Pause pause;

    BatchReads(DynamoDbClient dynamo, String name, Pause pause) {
        this.dynamo = dynamo;
        this.name = name;
        this.pause = pause;
    }

    /// Those that exist, expired ones too, in a map of the caller's.
    Map<Key, Item> all(Collection<Key> keys) {
        List<Key> distinct = new ArrayList<>(new LinkedHashSet<>(keys));
        if (distinct.size() <= BATCH) {
            return batch(distinct);
        }
        Map<Key, Item> items = new HashMap<>();
        sideBySide(batches(distinct)).forEach(items::putAll);
        return items;
    }

    private static List<List<Key>> batches(List<Key> keys) {
        List<List<Key>> batches = new ArrayList<>();
        for (int from = 0; from < keys.size(); from += BATCH) {
            batches.add(keys.subList(from, Math.min(from + BATCH, keys.size())));
        }
        return batches;
    }

    /// So that a list of a thousand takes hardly longer than one of a hundred.
    private List<Map<Key, Item>> sideBySide(List<List<Key>> batches) {
        Semaphore places = new Semaphore(AT_ONCE);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Map<Key, Item>>> reads =
                    batches.stream()
                            .map(keys ->
                                    CompletableFuture.supplyAsync(
                                            () -> inPlace(places, keys), threads))
                            .toList();
            return reads.stream().map(BatchReads::joined).toList();
        }
    }

    private Map<Key, Item> inPlace(Semaphore places, List<Key> keys) {
        places.acquireUninterruptibly();
        try {
            return batch(keys);
        } finally {
            places.release();
        }
    }

    private static Map<Key, Item> joined(CompletableFuture<Map<Key, Item>> read) {
        try {
            return read.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException failure ? failure : e;
        }
    }

    private Map<Key, Item> batch(List<Key> keys) {
        Map<Key, Item> items = new HashMap<>();
        if (keys.isEmpty()) {
            return items;
        }
        Map<String, KeysAndAttributes> wanted =
                Map.of(
                        name,
                        KeysAndAttributes.builder()
                                .keys(keys.stream().map(Attributes::of).toList())
                                .consistentRead(true)
                                .build());
        int round = 0;
        while (!wanted.isEmpty()) {
            Map<String, KeysAndAttributes> asked = wanted;
            BatchGetItemResponse response =
                    translated(
                            () -> "cannot read " + keys.size() + " items from " + keys.getFirst(),
                            () -> dynamo.batchGetItem(batch -> batch.requestItems(asked)));
            for (Map<String, AttributeValue> attributes :
                    response.responses().getOrDefault(name, List.of())) {
                Item item = Attributes.item(attributes);
                items.put(item.key(), item);
            }
            wanted = response.unprocessedKeys();
            if (!wanted.isEmpty()) {
                pause.after(round++);
            }
        }
        return items;
    }
}
