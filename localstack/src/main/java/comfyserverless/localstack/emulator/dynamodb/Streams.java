package comfyserverless.localstack.emulator.dynamodb;

import comfyserverless.localstack.emulator.dynamodb.table.TableSchema;
import comfyserverless.localstack.emulator.dynamodb.wire.Value;
import comfyserverless.localstack.emulator.store.DurableStore;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Hands every committed change of every table, in order, to one listener of this JVM. Unlike DynamoDB it keeps none:
/// changes that were not handed over when the process ended are not handed over later.
final class Streams {
    private final DurableStore store;
    private final Clock clock;
    private final Consumer<StreamRecord> listener;
    private final AtomicLong sequence;

    Streams(DurableStore store, Clock clock, Consumer<StreamRecord> listener) {
        this.store = store;
        this.clock = clock;
        this.listener = listener;
        this.sequence = new AtomicLong(clock.millis() * 1_000_000L);
    }

    /// A change of one item; `expired` when the TTL removed it.
    record Change(
            Map<String, Value> key,
            @Nullable Map<String, Value> before,
            @Nullable Map<String, Value> after,
            boolean expired) {}

    /// Registers a change that is being made; a write that leaves the item equal is none.
    void changed(TableSchema table, Change change) {
        if (change.before() != null && change.before().equals(change.after())) {
            return;
        }
        StreamRecord streamRecord =
                new StreamRecord(
                        table.name(),
                        sequence.incrementAndGet(),
                        clock.instant(),
                        change.key(),
                        change.before(),
                        change.after(),
                        change.expired());
        store.afterCommit(() -> listener.accept(streamRecord));
    }
}
