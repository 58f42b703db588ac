package comfyserverless.diffusion.weights.pickle;

import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.TensorEntry;
import comfyserverless.diffusion.weights.pickle.Pickled.StoredTensor;
import comfyserverless.diffusion.weights.pickle.ZipDirectory.Range;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tensors in a file of PyTorch's `torch.save`, as a zip archive or in the layout before it. No bytes of weights are
/// touched here, and nothing is run: see [PickleReader].
public final class TorchFile {

    private static final long LARGEST_PICKLE = 100_000_000;
    private static final BigInteger OLD_MAGIC = new BigInteger("1950a86a20f9469cfc6c", 16);

    /// Where the weights lie in files that hold more, the first that is there.
    private static final List<String> WRAPPINGS =
            List.of("state_dict", "params_ema", "params-ema", "params", "string_to_param");

    private final FileChannel channel;
    private final Map<String, Range> storages = new HashMap<>();

    private TorchFile(FileChannel channel) {
        this.channel = channel;
    }

    /// Whether a file that begins with these four characters is one of them. No .safetensors file begins so: its header
    /// would have to be longer than any is.
    public static boolean begins(String start) {
        return start.equals("PK\u0003\u0004") || start.equals("\u0080\u0002\u008a\n");
    }

    /// The tensors by name.
    ///
    /// @throws ModelFileException when the file is damaged, or names anything that belongs to no file of tensors
    public static Map<String, TensorEntry> read(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            TorchFile file = new TorchFile(channel);
            return file.tensors(file.isZip() ? file.zipped() : file.old());
        } catch (IOException e) {
            throw new ModelFileException(
                    path, "the pickled file cannot be read: " + e.getMessage(), e);
        }
    }

    private boolean isZip() throws IOException {
        return new String(input(0).readNBytes(2), StandardCharsets.ISO_8859_1).equals("PK");
    }

    private InputStream input(long position) throws IOException {
        return new BufferedInputStream(Channels.newInputStream(channel.position(position)));
    }

    private Object zipped() throws IOException {
        Map<String, Range> entries = ZipDirectory.of(channel);
        String pickle =
                entries.keySet().stream()
                        .filter(name -> name.equals("data.pkl") || name.endsWith("/data.pkl"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("the archive holds no data.pkl"));
        String root = pickle.substring(0, pickle.length() - "data.pkl".length());
        Range order = entries.get(root + "byteorder");
        if (order != null && byteOrder(order).equals("big")) {
            throw new IOException("its numbers are big-endian");
        }
        entries.forEach((name, range) -> {
            if (name.startsWith(root + "data/")) {
                storages.put(name.substring(root.length() + "data/".length()), range);
            }
        });
        Range range = entries.get(pickle);
        if (range == null || range.end() - range.begin() > LARGEST_PICKLE) {
            throw new IOException("its data.pkl is too large");
        }
        return new PickleReader(new ByteSource(input(range.begin()), range.begin(), LARGEST_PICKLE))
                .read();
    }

    private String byteOrder(Range range) throws IOException {
        int length = (int) Math.min(range.end() - range.begin(), 16);
        return new String(input(range.begin()).readNBytes(length), StandardCharsets.US_ASCII);
    }

    /// Five pickles (a magic number, a version, facts of the machine, the content, the storages' names), then each
    /// storage as its count and its numbers.
    private Object old() throws IOException {
        ByteSource in = new ByteSource(input(0), 0, Math.min(LARGEST_PICKLE, channel.size()));
        if (!OLD_MAGIC.equals(new PickleReader(in).read())) {
            throw new IOException("it is no file of torch.save");
        }
        new PickleReader(in).read();
        if (new PickleReader(in).read() instanceof Map<?, ?> facts
                && Boolean.FALSE.equals(facts.get("little_endian"))) {
            throw new IOException("its numbers are big-endian");
        }
        Object content = new PickleReader(in).read();
        if (!(new PickleReader(in).read() instanceof List<?> keys)) {
            throw new IOException("its storages have no names");
        }
        Map<String, Integer> widths = new HashMap<>();
        collect(content, widths);
        long position = in.position();
        for (Object key : keys) {
            position = oldStorage(String.valueOf(key), position, widths);
        }
        return content;
    }

    private long oldStorage(String key, long position, Map<String, Integer> widths)
            throws IOException {
        Integer width = widths.get(key);
        if (width == null) {
            throw new IOException("nothing refers to its storage " + key);
        }
        long count = new ByteSource(input(position), position, Long.BYTES).number(Long.BYTES);
        long begin = position + Long.BYTES;
        if (count < 0 || count > (channel.size() - begin) / width) {
            throw new IOException("its storage " + key + " lies beyond the end of the file");
        }
        long end = begin + count * width;
        storages.put(key, new Range(begin, end));
        return end;
    }

    /// How many bytes a number of each storage takes.
    private static void collect(Object value, Map<String, Integer> widths) {
        if (value instanceof StoredTensor tensor) {
            widths.put(tensor.storage().key(), tensor.storage().type().bytes());
        } else if (value instanceof Map<?, ?> map) {
            map.values().forEach(inside -> collect(inside, widths));
        } else if (value instanceof List<?> list) {
            list.forEach(inside -> collect(inside, widths));
        } else if (value instanceof Pickled.Tuple tuple) {
            tuple.items().forEach(inside -> collect(inside, widths));
        }
    }

    private Map<String, TensorEntry> tensors(Object content) throws IOException {
        if (!(content instanceof Map<?, ?> map)) {
            throw new IOException("it holds no dictionary of tensors");
        }
        Map<String, TensorEntry> tensors = new LinkedHashMap<>();
        for (Map.Entry<?, ?> entry : unwrapped(map).entrySet()) {
            if (entry.getKey() instanceof String name
                    && entry.getValue() instanceof StoredTensor tensor) {
                tensors.put(name, entry(name, tensor));
            }
        }
        return tensors;
    }

    private static Map<?, ?> unwrapped(Map<?, ?> map) {
        Optional<Map<?, ?>> inside =
                WRAPPINGS.stream()
                        .map(map::get)
                        .filter(value -> value instanceof Map)
                        .<Map<?, ?>>map(value -> (Map<?, ?>) value)
                        .findFirst();
        if (inside.isEmpty()
                && map.size() == 1
                && map.values().iterator().next() instanceof Map<?, ?> only) {
            return only;
        }
        return inside.isPresent() ? inside.get() : map;
    }

    private TensorEntry entry(String name, StoredTensor tensor) throws IOException {
        Range range = storages.get(tensor.storage().key());
        if (range == null) {
            throw new IOException("tensor " + name + " lies in a storage that is not there");
        }
        int width = tensor.storage().type().bytes();
        List<Long> shape = tensor.shape();
        List<Long> strides = tensor.strides();
        if (shape.size() != strides.size()) {
            throw new IOException("tensor " + name + " has a stride too few or too many");
        }
        try {
            long last = 0;
            boolean empty = false;
            for (int i = 0; i < shape.size(); i++) {
                if (shape.get(i) < 0 || strides.get(i) < 0) {
                    throw new IOException("tensor " + name + " has a negative size");
                }
                empty |= shape.get(i) == 0;
                last =
                        Math.addExact(
                                last,
                                Math.multiplyExact(Math.max(0, shape.get(i) - 1), strides.get(i)));
            }
            long first = Math.addExact(tensor.storage().offset(), tensor.offset());
            long begin = Math.addExact(range.begin(), Math.multiplyExact(first, width));
            long end = empty ? begin : Math.addExact(begin, Math.multiplyExact(last + 1, width));
            if (first < 0 || begin < range.begin() || end > range.end()) {
                throw new IOException("tensor " + name + " lies beyond the end of its storage");
            }
            return new TensorEntry(tensor.storage().type(), shape, strides, begin, end);
        } catch (ArithmeticException e) {
            throw new IOException("tensor " + name + " has the impossible shape " + shape, e);
        }
    }
}
