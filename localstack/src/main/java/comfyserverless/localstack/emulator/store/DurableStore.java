package comfyserverless.localstack.emulator.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;

/// Ordered byte maps in one file (H2's MVStore). A write returns only once its commit is in the file, so that
/// whatever was answered survives the kill of this JVM; writes that wait together share one commit.
public final class DurableStore implements AutoCloseable {
    private static final int PAGE_BYTES = 4 * 1024;
    private static final int CACHE_MEGABYTES = 32;
    private static final int KEEP_OLD_CHUNKS_MS = 2_000;
    private static final int COMPACT_EVERY_COMMITS = 500;
    private static final int COMPACT_FILL_PERCENT = 60;
    private static final int COMPACT_BYTES = 8 * 1024 * 1024;

    private final MVStore store;
    private final ReentrantLock changing = new ReentrantLock(true);
    private final ReentrantLock committing = new ReentrantLock();
    private final List<Runnable> afterCommit = new ArrayList<>();
    private long applied;
    private volatile long committed;
    private int commitsSinceCompaction;

    private DurableStore(MVStore store) {
        this.store = store;
    }

    /// Opens or creates the file; its folder is made when missing.
    public static DurableStore open(Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make the folder of " + file, e);
        }
        MVStore store =
                new MVStore.Builder()
                        .fileName(UninterruptedFile.name(file))
                        .autoCommitDisabled()
                        .autoCommitBufferSize(0)
                        .cacheSize(CACHE_MEGABYTES)
                        .pageSplitSize(PAGE_BYTES)
                        .open();
        store.setVersionsToKeep(0);
        store.setRetentionTime(KEEP_OLD_CHUNKS_MS);
        return new DurableStore(store);
    }

    /// The map of that name, in unsigned byte order of its keys. Open maps inside `write` or before the store is shared.
    public MVMap<byte[], byte[]> map(String name) {
        return store.openMap(
                name,
                new MVMap.Builder<byte[], byte[]>()
                        .keyType(ByteArrayDataType.INSTANCE)
                        .valueType(ByteArrayDataType.INSTANCE));
    }

    public boolean hasMap(String name) {
        return store.hasMap(name);
    }

    /// Drops a map with all it holds; only inside `write`.
    public void remove(MVMap<byte[], byte[]> map) {
        store.removeMap(map);
    }

    /// Runs a change alone and returns after its commit. A change must look before it writes: one that throws must have
    /// written nothing. Its exception, too, is passed on only when all it could have seen is committed.
    public <T> T write(Supplier<T> change) {
        long ticket;
        T result;
        changing.lock();
        try {
            result = change.get();
            ticket = ++applied;
        } catch (RuntimeException e) {
            ticket = applied;
            changing.unlock();
            awaitCommit(ticket);
            throw e;
        }
        changing.unlock();
        awaitCommit(ticket);
        return result;
    }

    /// Reads between two changes, so that several reads see one state.
    public <T> T snapshot(Supplier<T> reading) {
        changing.lock();
        try {
            return reading.get();
        } finally {
            changing.unlock();
        }
    }

    /// Runs the action, in the order of the changes, once the change that is being made is committed; only inside `write`.
    public void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    private void awaitCommit(long ticket) {
        if (committed >= ticket) {
            return;
        }
        committing.lock();
        try {
            if (committed < ticket) {
                commitAll();
            }
        } finally {
            committing.unlock();
        }
    }

    private void commitAll() {
        List<Runnable> actions;
        changing.lock();
        try {
            store.commit();
            committed = applied;
            actions = List.copyOf(afterCommit);
            afterCommit.clear();
            compactSometimes();
        } finally {
            changing.unlock();
        }
        actions.forEach(Runnable::run);
    }

    private void compactSometimes() {
        if (++commitsSinceCompaction >= COMPACT_EVERY_COMMITS) {
            commitsSinceCompaction = 0;
            store.compact(COMPACT_FILL_PERCENT, COMPACT_BYTES);
        }
    }

    @Override
    public void close() {
        committing.lock();
        changing.lock();
        try {
            if (!store.isClosed()) {
                store.close();
            }
        } finally {
            changing.unlock();
            committing.unlock();
        }
    }
}
