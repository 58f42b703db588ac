package comfyserverless.diffusion.vae;

import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import java.util.ArrayList;
import java.util.List;

/// The numbered layers of one half of a tiny autoencoder, told by their names: `3.conv.0.weight` is a block's, a layer
/// without bias changes the size.
final class TinyLayers {

    /// The kinds, as `taesd.py` knows them.
    private static final long CONVOLUTION = 0;

    private static final long HALVING = 1;
    private static final long BLOCK = 2;
    private static final long CONVOLUTION_RELU = 3;
    private static final long DOUBLING = 4;

    private final List<Long> kinds = new ArrayList<>();
    private final List<String> names = new ArrayList<>();

    private TinyLayers() {}

    static TinyLayers encoder(StateDict dict) {
        return read(dict, CONVOLUTION, HALVING);
    }

    /// Its first convolution is followed by a ReLU.
    static TinyLayers decoder(StateDict dict) {
        return read(dict, CONVOLUTION_RELU, DOUBLING);
    }

    private static TinyLayers read(StateDict dict, long first, long resizing) {
        TinyLayers layers = new TinyLayers();
        for (int i = 0; i <= last(dict); i++) {
            layers.add(dict, i, layers.kinds.isEmpty() ? first : CONVOLUTION, resizing);
        }
        if (layers.kinds.isEmpty()) {
            throw new ModelFileException(
                    dict.file(),
                    "no half of a tiny autoencoder: no key is a layer's number and .weight");
        }
        return layers;
    }

    private static int last(StateDict dict) {
        return dict.names().stream()
                .map(name -> name.replaceFirst("\\..*", ""))
                .filter(number -> number.matches("\\d{1,3}"))
                .mapToInt(Integer::parseInt)
                .max()
                .orElse(-1);
    }

    private void add(StateDict dict, int layer, long plain, long resizing) {
        if (dict.contains(layer + ".conv.0.weight")) {
            kinds.add(BLOCK);
            for (int part : new int[] {0, 2, 4}) {
                names.add(layer + ".conv." + part + ".weight");
                names.add(layer + ".conv." + part + ".bias");
            }
        } else if (dict.contains(layer + ".bias")) {
            kinds.add(plain);
            names.add(layer + ".weight");
            names.add(layer + ".bias");
        } else if (dict.contains(layer + ".weight")) {
            kinds.add(resizing);
            names.add(layer + ".weight");
        }
    }

    long[] kinds() {
        return kinds.stream().mapToLong(Long::longValue).toArray();
    }

    List<String> names() {
        return names;
    }

    /// Channels that the first layer reads.
    int firstInputs(StateDict dict) {
        return Math.toIntExact(dict.entry(names.getFirst(), 4).size(1));
    }

    /// How much larger or smaller the layers make the picture.
    int factor() {
        return 1 << kinds.stream().filter(k -> k == HALVING || k == DOUBLING).count();
    }
}
