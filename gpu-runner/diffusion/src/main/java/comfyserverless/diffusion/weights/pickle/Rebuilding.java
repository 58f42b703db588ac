package comfyserverless.diffusion.weights.pickle;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.weights.pickle.Pickled.Inert;
import comfyserverless.diffusion.weights.pickle.Pickled.Name;
import comfyserverless.diffusion.weights.pickle.Pickled.None;
import comfyserverless.diffusion.weights.pickle.Pickled.Storage;
import comfyserverless.diffusion.weights.pickle.Pickled.StoredTensor;
import comfyserverless.diffusion.weights.pickle.Pickled.Tuple;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the few known names mean when a pickle "calls" them.
final class Rebuilding {

    private Rebuilding() {}

    static Object made(Known known, List<Object> arguments) throws IOException {
        return switch (known) {
            case ORDERED_DICT -> dictionary(arguments);
            case REBUILD_TENSOR, REBUILD_TENSOR_V2 -> tensor(arguments);
            case REBUILD_PARAMETER -> argument(arguments, 0);
            case SIZE -> argument(arguments, 0);
            case MODEL_CHECKPOINT, NUMPY_SCALAR, NUMPY_TYPE, ENCODE -> Inert.INERT;
            case FLOAT, HALF, BFLOAT16, DOUBLE, LONG, INT, SHORT, CHAR, BYTE, BOOL ->
                    throw new IOException("a storage is made in a way that no tensor needs");
        };
    }

    private static Map<Object, Object> dictionary(List<Object> arguments) {
        Map<Object, Object> map = new LinkedHashMap<>();
        if (!arguments.isEmpty()) {
            for (Object entry : (List<?>) arguments.getFirst()) {
                List<?> pair = entry instanceof Tuple tuple ? tuple.items() : (List<?>) entry;
                map.put(pair.get(0), pair.get(1));
            }
        }
        return map;
    }

    private static StoredTensor tensor(List<Object> arguments) throws IOException {
        return new StoredTensor(
                (Storage) argument(arguments, 0),
                (Long) argument(arguments, 1),
                numbers(argument(arguments, 2)),
                numbers(argument(arguments, 3)));
    }

    private static List<Long> numbers(Object tuple) {
        List<Long> numbers = new ArrayList<>();
        ((Tuple) tuple).items().forEach(item -> numbers.add((Long) item));
        return numbers;
    }

    private static Object argument(List<Object> arguments, int place) throws IOException {
        if (arguments.size() <= place) {
            throw new IOException("something is made of too few parts");
        }
        return arguments.get(place);
    }

    /// `("storage", type, key, device, count)`, and in old files a view as (key, offset, count) or None behind it.
    static Storage storage(Tuple id) throws IOException {
        List<Object> parts = id.items();
        if (parts.size() < 5 || !"storage".equals(parts.getFirst())) {
            throw new IOException("it refers to something that is no storage: " + parts);
        }
        DType type =
                ((Name) parts.get(1))
                        .known()
                        .storage()
                        .orElseThrow(
                                () -> new IOException("a storage has the type " + parts.get(1)));
        long offset = 0;
        if (parts.size() > 5 && !(parts.get(5) instanceof None)) {
            offset = (Long) ((Tuple) parts.get(5)).items().get(1);
        }
        return new Storage(type, String.valueOf(parts.get(2)), (Long) parts.get(4), offset);
    }
}
