package comfyserverless.diffusion.weights;

import comfyserverless.diffusion.weights.pickle.TorchFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/// The named tensors of a model file, or those under a prefix of it; no bytes of weights are touched here.
public final class StateDict {

    private final Path file;
    private final Map<String, String> metadata;
    private final String prefix;
    private final SortedMap<String, TensorEntry> entries;

    private StateDict(
            Path file,
            Map<String, String> metadata,
            String prefix,
            SortedMap<String, TensorEntry> entries) {
        this.file = file;
        this.metadata = metadata;
        this.prefix = prefix;
        this.entries = entries;
    }

    /// Reads and checks the header of a .safetensors file, or what a file of `torch.save` says about its tensors.
    ///
    /// @throws ModelFileException when the file is neither or is damaged
    public static StateDict read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            String start = new String(in.readNBytes(4), StandardCharsets.ISO_8859_1);
            if (TorchFile.begins(start)) {
                return new StateDict(file, Map.of(), "", new TreeMap<>(TorchFile.read(file)));
            }
        }
        SafetensorsHeader header = SafetensorsHeader.read(file);
        return new StateDict(file, header.metadata(), "", new TreeMap<>(header.tensors()));
    }

    public Path file() {
        return file;
    }

    public Map<String, String> metadata() {
        return metadata;
    }

    /// The names, without the prefix, in alphabetical order.
    public Set<String> names() {
        return entries.keySet();
    }

    public boolean contains(String name) {
        return entries.containsKey(name);
    }

    /// Whether any name begins so.
    public boolean containsUnder(String start) {
        SortedMap<String, TensorEntry> tail = entries.tailMap(start);
        return !tail.isEmpty() && tail.firstKey().startsWith(start);
    }

    public Optional<TensorEntry> find(String name) {
        return Optional.ofNullable(entries.get(name));
    }

    /// The entry of a name.
    ///
    /// @throws ModelFileException when the file lacks it
    public TensorEntry entry(String name) {
        return find(name)
                .orElseThrow(
                        () -> new ModelFileException(file, "lacks the tensor " + prefix + name));
    }

    /// The entry, which must have this many dimensions.
    public TensorEntry entry(String name, int rank) {
        TensorEntry entry = entry(name);
        if (entry.rank() != rank) {
            throw new ModelFileException(
                    file,
                    "tensor %s%s has the shape %s, but %d dimensions are expected"
                            .formatted(prefix, name, entry.shape(), rank));
        }
        return entry;
    }

    /// The tensors whose names begin with `start`, named without it.
    public StateDict under(String start) {
        SortedMap<String, TensorEntry> below = new TreeMap<>();
        for (Map.Entry<String, TensorEntry> entry : entries.tailMap(start).entrySet()) {
            if (!entry.getKey().startsWith(start)) {
                break;
            }
            below.put(entry.getKey().substring(start.length()), entry.getValue());
        }
        return new StateDict(file, metadata, prefix + start, below);
    }

    /// Other tensors in the place of these.
    StateDict holding(SortedMap<String, TensorEntry> others) {
        return new StateDict(file, metadata, prefix, new TreeMap<>(others));
    }

    /// The same tensors under other names.
    ///
    /// @param name the new name of a tensor
    /// @param entry the tensor under its new name, which may have another shape over the same bytes
    StateDict renamed(
            BiFunction<String, TensorEntry, String> name,
            BiFunction<String, TensorEntry, TensorEntry> entry) {
        SortedMap<String, TensorEntry> others = new TreeMap<>();
        entries.forEach((old, stored) -> {
            String other = name.apply(old, stored);
            others.put(other, entry.apply(other, stored));
        });
        return new StateDict(file, metadata, prefix, others);
    }

    /// How many of `start0.`, `start1.`, … exist, counted from 0 without a gap.
    public int countIndexed(String start) {
        int count = 0;
        while (containsUnder(start + count + ".")) {
            count++;
        }
        return count;
    }
}
