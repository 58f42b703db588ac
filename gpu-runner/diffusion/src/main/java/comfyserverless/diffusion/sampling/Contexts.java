package comfyserverless.diffusion.sampling;

import comfyserverless.diffusion.torch.HostTensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// Batches put together and taken apart along their first dimension.
final class Contexts {

    private static final long MOST_REPEATS = 4;

    private Contexts() {}

    /// Whether two prompts can run in one batch: encodings of different length are repeated to a common one, which
    /// changes nothing in cross-attention, as long as that is at most four times the shorter.
    static boolean joinable(Placed one, Placed other) {
        Conditioning a = one.conditioning();
        Conditioning b = other.conditioning();
        if (!Objects.equals(a.control(), b.control())
                || !sameShapes(one.extras(), other.extras())
                || a.context().size(0) != b.context().size(0)
                || a.context().size(2) != b.context().size(2)) {
            return false;
        }
        long shorter = Math.min(a.context().size(1), b.context().size(1));
        return commonMultiple(a.context().size(1), b.context().size(1)) / shorter <= MOST_REPEATS;
    }

    private static boolean sameShapes(Map<Extra, HostTensor> a, Map<Extra, HostTensor> b) {
        return shapes(a).equals(shapes(b));
    }

    private static Map<Extra, List<Long>> shapes(Map<Extra, HostTensor> extras) {
        return extras.entrySet().stream()
                .collect(
                        Collectors.toMap(
                                Map.Entry::getKey,
                                e -> Arrays.stream(e.getValue().shape()).boxed().toList()));
    }

    /// The prompts' encodings as one batch of `items` for each prompt.
    static NoiseModel.Context join(
            List<Placed> prompts, int items, List<NoiseModel.Steering> controls) {
        long tokens =
                prompts.stream()
                        .mapToLong(p -> p.conditioning().context().size(1))
                        .reduce(1, Contexts::commonMultiple);
        List<HostTensor> contexts = new ArrayList<>();
        for (Placed prompt : prompts) {
            contexts.add(lengthened(forItems(prompt.conditioning().context(), items), tokens));
        }
        Map<Extra, HostTensor> extras = new EnumMap<>(Extra.class);
        for (Extra extra : prompts.getFirst().extras().keySet()) {
            extras.put(
                    extra,
                    concat(
                            prompts.stream()
                                    .map(p ->
                                            forItems(
                                                    Objects.requireNonNull(p.extras().get(extra)),
                                                    items))
                                    .toList()));
        }
        return new NoiseModel.Context(concat(contexts), extras, controls);
    }

    static HostTensor concat(List<HostTensor> parts) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        int length = parts.stream().mapToInt(p -> p.data().length).sum();
        float[] out = new float[length];
        long items = 0;
        int at = 0;
        for (HostTensor part : parts) {
            System.arraycopy(part.data(), 0, out, at, part.data().length);
            at += part.data().length;
            items += part.size(0);
        }
        long[] shape = parts.getFirst().shape();
        shape[0] = items;
        return new HostTensor(out, shape);
    }

    static List<HostTensor> split(HostTensor batch, int parts) {
        long[] shape = batch.shape();
        shape[0] /= parts;
        int length = batch.data().length / parts;
        List<HostTensor> out = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            out.add(
                    new HostTensor(
                            Arrays.copyOfRange(batch.data(), i * length, (i + 1) * length), shape));
        }
        return out;
    }

    /// As many items as wanted: repeated, or cut.
    private static HostTensor forItems(HostTensor x, int items) {
        if (x.size(0) == items) {
            return x;
        }
        long[] shape = x.shape();
        int old = (int) shape[0];
        int length = x.data().length / old;
        float[] out = new float[items * length];
        for (int i = 0; i < items; i++) {
            System.arraycopy(x.data(), i % old * length, out, i * length, length);
        }
        shape[0] = items;
        return new HostTensor(out, shape);
    }

    private static HostTensor lengthened(HostTensor context, long tokens) {
        long[] shape = context.shape();
        int repeats = (int) (tokens / shape[1]);
        if (repeats == 1) {
            return context;
        }
        int length = (int) (shape[1] * shape[2]);
        float[] out = new float[context.data().length * repeats];
        for (int item = 0; item < shape[0]; item++) {
            for (int i = 0; i < repeats; i++) {
                System.arraycopy(
                        context.data(), item * length, out, (item * repeats + i) * length, length);
            }
        }
        shape[1] = tokens;
        return new HostTensor(out, shape);
    }

    private static long commonMultiple(long a, long b) {
        long x = a;
        long y = b;
        while (y != 0) {
            long rest = x % y;
            x = y;
            y = rest;
        }
        return a / x * b;
    }
}
