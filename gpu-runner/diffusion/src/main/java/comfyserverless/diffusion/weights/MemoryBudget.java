package comfyserverless.diffusion.weights;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/// How much memory this process may still take: the machine's, cut by the limit of the container (cgroup v1 and v2).
///
/// Beyond that limit Linux kills the process without a word, so it is asked before a model is loaded. Memory that only
/// caches files counts as free.
public final class MemoryBudget {

    /// Below this nothing is asked: reading the figures would cost more than it saves.
    private static final long SMALL = 256L << 20;

    private final Path root;

    /// The budget as told under a root.
    ///
    /// @param root where `/proc` and `/sys` are found: `/`
    public MemoryBudget(Path root) {
        this.root = root;
    }

    /// Bytes; empty where the system does not tell (no Linux).
    public OptionalLong available() {
        OptionalLong machine = field("proc/meminfo", "MemAvailable:", 1024);
        OptionalLong container =
                left(
                        "sys/fs/cgroup/memory.max",
                        "sys/fs/cgroup/memory.current",
                        "sys/fs/cgroup/memory.stat",
                        "file");
        if (container.isEmpty()) {
            container =
                    left(
                            "sys/fs/cgroup/memory/memory.limit_in_bytes",
                            "sys/fs/cgroup/memory/memory.usage_in_bytes",
                            "sys/fs/cgroup/memory/memory.stat",
                            "total_cache");
        }
        if (machine.isEmpty() || container.isEmpty()) {
            return machine.isPresent() ? machine : container;
        }
        return OptionalLong.of(Math.min(machine.getAsLong(), container.getAsLong()));
    }

    /// Refuses a computation that takes more than is left.
    ///
    /// @param what it is, as the subject of a sentence: `decoding a picture of 4096 × 4096`
    /// @throws NotEnoughMemoryException saying both figures
    public void require(long bytes, String what) {
        require(bytes, what, "Choose a smaller picture");
    }

    /// [#require(long, String)] with another advice than a smaller picture: `Use fewer of them`.
    public void require(long bytes, String what, String advice) {
        OptionalLong left = bytes < SMALL ? OptionalLong.empty() : available();
        if (left.isPresent() && bytes > left.getAsLong()) {
            throw new NotEnoughMemoryException(
                    "%s takes about %,d MiB of memory, but only %,d MiB is free. %s, or raise the limit."
                            .formatted(what, bytes >> 20, left.getAsLong() >> 20, advice));
        }
    }

    private OptionalLong left(
            String limitFile, String usageFile, String statFile, String cacheField) {
        OptionalLong limit = number(limitFile);
        OptionalLong usage = number(usageFile);
        if (limit.isEmpty() || usage.isEmpty()) {
            return OptionalLong.empty();
        }
        long cache = field(statFile, cacheField, 1).orElse(0);
        return OptionalLong.of(limit.getAsLong() - Math.max(0, usage.getAsLong() - cache));
    }

    /// A file that is one number; `max` (no limit) and a missing file give nothing.
    private OptionalLong number(String file) {
        List<String> lines = lines(file);
        return lines.isEmpty() || !lines.getFirst().strip().matches("\\d{1,18}")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(lines.getFirst().strip()));
    }

    private OptionalLong field(String file, String name, long unit) {
        for (String line : lines(file)) {
            String[] words = line.strip().split("\\s+", -1);
            if (words[0].equals(name) && words.length > 1) {
                return OptionalLong.of(Long.parseLong(words[1]) * unit);
            }
        }
        return OptionalLong.empty();
    }

    private List<String> lines(String file) {
        try {
            return Files.readAllLines(root.resolve(file));
        } catch (IOException e) {
            return List.of(); // not there on this system, or not for us to read
        }
    }
}
