package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.Checkpoint;
import comfyserverless.diffusion.weights.ModelFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The checkpoints that are loaded, by the identity of their files. They stay between jobs; when there are
/// too many, or one more does not fit into memory, those go that nobody uses, the longest unused first.
public final class LoadedModels implements AutoCloseable {
    /// Reads a checkpoint; a [ModelFileException] says why it cannot.
    @FunctionalInterface
    public interface Loader {
        Checkpoint load(Path file);
    }

    private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);

    private final Loader loader;
    private final int most;
    private final Map<FileIdentity, Held> held = new HashMap<>();
    private long uses;

    private static final class Held {
        private final Checkpoint checkpoint;
        private int users;
        private long lastUse;

        Held(Checkpoint checkpoint) {
            this.checkpoint = checkpoint;
        }
    }

    /// Nothing loaded yet.
    ///
    /// @param most how many stay loaded
    public LoadedModels(Loader loader, int most) {
        this.loader = loader;
        this.most = most;
    }

    /// Runs something with a checkpoint, loading it first if it is not there.
    <T> T use(Path file, Function<Checkpoint, T> work) {
        Held entry = take(FileIdentity.of(file));
        try {
            return work.apply(entry.checkpoint);
        } finally {
            giveBack(entry);
        }
    }

    private synchronized Held take(FileIdentity file) {
        Held entry = held.get(file);
        if (entry == null) {
            while (held.size() >= most && closeLongestUnused()) {
                LOG.debug("{} checkpoints are loaded", held.size());
            }
            entry = new Held(load(file.path()));
            held.put(file, entry);
        }
        entry.users++;
        entry.lastUse = uses++;
        return entry;
    }

    private synchronized void giveBack(Held entry) {
        entry.users--;
    }

    private Checkpoint load(Path file) {
        try {
            return loader.load(file);
        } catch (ModelFileException e) {
            if (!closeLongestUnused()) {
                throw e;
            }
            unloadUnused();
            return loader.load(file);
        }
    }

    private boolean closeLongestUnused() {
        Optional<Map.Entry<FileIdentity, Held>> oldest =
                held.entrySet().stream()
                        .filter(e -> e.getValue().users == 0)
                        .min(Comparator.comparingLong(e -> e.getValue().lastUse));
        oldest.ifPresent(e -> {
            held.remove(e.getKey());
            LOG.info("unloading {}", e.getKey().path().getFileName());
            e.getValue().checkpoint.close();
        });
        return oldest.isPresent();
    }

    /// Unloads what nobody uses at this moment.
    public synchronized void unloadUnused() {
        boolean more = true;
        while (more) {
            more = closeLongestUnused();
        }
    }

    /// How many are loaded.
    public synchronized int size() {
        return held.size();
    }

    /// Unloads what nobody uses; what is still in use ends with the process.
    @Override
    public void close() {
        unloadUnused();
    }
}
