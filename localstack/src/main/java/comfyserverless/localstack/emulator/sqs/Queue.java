package comfyserverless.localstack.emulator.sqs;

import comfyserverless.localstack.emulator.store.DurableStore;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;

/// One queue: its messages on the store and, in memory, in the order in which they become visible. All but the waiting
/// runs inside [DurableStore#write] or [DurableStore#snapshot], which is what guards the memory.
final class Queue {
    private static final Comparator<Message> BY_VISIBILITY =
            Comparator.comparingLong(Message::visibleAt).thenComparingLong(Message::sequence);

    private final String name;
    private final MVMap<byte[], byte[]> stored;
    private final Map<String, Message> byReceipt = new HashMap<>();
    private final TreeSet<Message> byVisibility = new TreeSet<>(BY_VISIBILITY);
    private final ReentrantLock waiting = new ReentrantLock();
    private final Condition arrived = waiting.newCondition();
    private QueueAttributes attributes;
    private long lastSequence;
    private long signals;

    Queue(String name, QueueAttributes attributes, DurableStore store) {
        this.name = name;
        this.attributes = attributes;
        this.stored = store.map("messages/" + name);
        stored.forEach((key, value) -> {
            long sequence = ByteBuffer.wrap(key).getLong();
            remember(Message.decoded(sequence, value));
            lastSequence = Math.max(lastSequence, sequence);
        });
    }

    String name() {
        return name;
    }

    QueueAttributes attributes() {
        return attributes;
    }

    void setAttributes(QueueAttributes attributes) {
        this.attributes = attributes;
    }

    long nextSequence() {
        return ++lastSequence;
    }

    void add(Message message) {
        stored.put(key(message), message.encoded());
        remember(message);
    }

    void replace(Message before, Message after) {
        forget(before);
        add(after);
    }

    void remove(Message message) {
        stored.remove(key(message));
        forget(message);
    }

    void purge() {
        stored.clear();
        byReceipt.clear();
        byVisibility.clear();
    }

    void drop(DurableStore store) {
        purge();
        store.remove(stored);
    }

    private void remember(Message message) {
        byVisibility.add(message);
        if (message.receipt() != null) {
            byReceipt.put(message.receipt(), message);
        }
    }

    private void forget(Message message) {
        byVisibility.remove(message);
        if (message.receipt() != null) {
            byReceipt.remove(message.receipt());
        }
    }

    /// The message that became visible first, if its time has come.
    @Nullable Message firstVisible(long now) {
        Message first = byVisibility.isEmpty() ? null : byVisibility.first();
        return first == null || first.visibleAt() > now ? null : first;
    }

    /// When the next message becomes visible, or a time far ahead.
    long nextVisibleAt() {
        return byVisibility.isEmpty() ? Long.MAX_VALUE : byVisibility.first().visibleAt();
    }

    @Nullable Message byReceipt(String receipt) {
        return byReceipt.get(receipt);
    }

    long countVisible(long now) {
        return byVisibility.stream().takeWhile(m -> m.visibleAt() <= now).count();
    }

    long countInFlight(long now) {
        return byVisibility.stream()
                .filter(m -> m.visibleAt() > now && m.receipt() != null)
                .count();
    }

    long countDelayed(long now) {
        return byVisibility.stream()
                .filter(m -> m.visibleAt() > now && m.receipt() == null)
                .count();
    }

    /// How many times `signal` was called; to be read before looking for messages.
    long signals() {
        waiting.lock();
        try {
            return signals;
        } finally {
            waiting.unlock();
        }
    }

    /// Wakes those who wait for messages.
    void signal() {
        waiting.lock();
        try {
            signals++;
            arrived.signalAll();
        } finally {
            waiting.unlock();
        }
    }

    /// Waits for a signal after the one that was seen, at most so long.
    void awaitSignal(long seen, long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        waiting.lock();
        try {
            while (signals == seen && left > 0) {
                left = arrived.awaitNanos(left);
            }
        } finally {
            waiting.unlock();
        }
    }

    private static byte[] key(Message message) {
        return ByteBuffer.allocate(Long.BYTES).putLong(message.sequence()).array();
    }
}
