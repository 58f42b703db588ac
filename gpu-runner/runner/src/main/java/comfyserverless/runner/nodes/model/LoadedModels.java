package comfyserverless.runner.nodes.model;

import comfyserverless.diffusion.ModelFiles;
import comfyserverless.diffusion.weights.ModelFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The models that are loaded, by the identity of their files. They stay between jobs; when there are too many, or one
/// more does not fit into memory, those go that nobody uses, the longest unused first.
public final class LoadedModels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LoadedModels.class);

    private final Supplier<ModelFiles> device;
    private final int most;
    private final Map<Key, Held> held = new HashMap<>();
    private long uses;

    /// A model that is wanted.
    ///
    /// @param type of what is loaded
    /// @param variant what else besides the files makes it another model: a storage type; empty for nothing
    /// @param files that it consists of
    /// @param loader gives it, or throws a [ModelFileException]
    record Wanted<M extends AutoCloseable>(
            Class<M> type, String variant, List<Path> files, Function<ModelFiles, M> loader) {
        Wanted {
            files = List.copyOf(files);
        }

        /// A model of one file.
        static <M extends AutoCloseable> Wanted<M> of(
                Class<M> type, Path file, BiFunction<ModelFiles, Path, M> loader) {
            return new Wanted<>(
                    type,
                    String.valueOf(file.getFileName()), // it tells what some models do
                    List.of(file),
                    device -> loader.apply(device, file));
        }

        private Key key() {
            return new Key(type, variant, files.stream().map(FileIdentity::of).toList());
        }
    }

    private record Key(Class<?> type, String variant, List<FileIdentity> files) {
        @Override
        public String toString() {
            return String.join(
                    ", ",
                    files.stream().map(file -> String.valueOf(file.path().getFileName())).toList());
        }
    }

    private static final class Held {
        private final AutoCloseable model;
        private int users;
        private long lastUse;

        Held(AutoCloseable model) {
            this.model = model;
        }
    }

    /// Nothing loaded yet.
    ///
    /// @param device loads models
    /// @param most how many stay loaded
    public LoadedModels(Supplier<ModelFiles> device, int most) {
        this.device = device;
        this.most = most;
    }

    /// Loads a model now, so that a file that cannot be used is told at the node that names it.
    ///
    /// @throws comfyserverless.nodeapi.NodeException if it is no usable model, or memory does not suffice
    <M extends AutoCloseable> ModelRef<M> load(Wanted<M> wanted) {
        ModelRef<M> model = ModelRef.of(this, wanted);
        model.use(loaded -> true);
        return model;
    }

    /// Runs something with a model, loading it first if it is not there.
    <M extends AutoCloseable, T> T use(Wanted<M> wanted, Function<M, T> work) {
        Held entry = take(wanted);
        try {
            return work.apply(wanted.type().cast(entry.model));
        } finally {
            giveBack(entry);
        }
    }

    private synchronized <M extends AutoCloseable> Held take(Wanted<M> wanted) {
        Key key = wanted.key();
        Held entry = held.get(key);
        if (entry == null) {
            while (held.size() >= most && closeLongestUnused()) {
                LOG.debug("{} models are loaded", held.size());
            }
            entry = new Held(read(wanted));
            held.put(key, entry);
        }
        entry.users++;
        entry.lastUse = uses++;
        return entry;
    }

    private synchronized void giveBack(Held entry) {
        entry.users--;
    }

    private <M extends AutoCloseable> M read(Wanted<M> wanted) {
        try {
            return wanted.loader().apply(device.get());
        } catch (ModelFileException e) {
            if (!closeLongestUnused()) {
                throw e;
            }
            unloadUnused();
            return wanted.loader().apply(device.get());
        }
    }

    private boolean closeLongestUnused() {
        Optional<Map.Entry<Key, Held>> oldest =
                held.entrySet().stream()
                        .filter(e -> e.getValue().users == 0)
                        .min(Comparator.comparingLong(e -> e.getValue().lastUse));
        oldest.ifPresent(e -> {
            held.remove(e.getKey());
            LOG.info("unloading {}", e.getKey());
            close(e.getValue().model);
        });
        return oldest.isPresent();
    }

    private static void close(AutoCloseable model) {
        try {
            model.close();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("a model cannot be unloaded: " + e.getMessage(), e);
        }
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
