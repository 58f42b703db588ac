package comfyserverless.diffusion.upscale;

import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import java.util.ArrayList;
import java.util.List;

/// What the names and shapes in a file say about an upscaler (ESRGAN and Compact of spandrel 0.4).
sealed interface UpscalerShape {

    /// The weights in the order in which `upscale.py` uses them.
    List<String> names();

    int scale();

    int channels();

    /// Memory that enlarging a picture of so many pixels takes, in bytes.
    long workingBytes(long pixels);

    /// ESRGAN's residual dense blocks, then doublings.
    ///
    /// @param shuffle side of the squares of pixels that are put into channels first; 1 for none
    record Residual(
            List<String> names, int blocks, int doublings, int shuffle, int width, int channels)
            implements UpscalerShape {

        /// Living tensors of the full width at full size.
        private static final long LIVING = 3;

        public Residual {
            names = List.copyOf(names);
        }

        @Override
        public int scale() {
            return (1 << doublings) / shuffle;
        }

        @Override
        public long workingBytes(long pixels) {
            return LIVING * width * Float.BYTES * pixels * scale() * scale();
        }
    }

    /// Convolutions at the small size, whose last one's channels become pixels.
    record Compact(List<String> names, int scale, int width, int channels)
            implements UpscalerShape {

        private static final long LIVING = 3;

        public Compact {
            names = List.copyOf(names);
        }

        @Override
        public long workingBytes(long pixels) {
            return LIVING * Float.BYTES * pixels * Math.max(width, (long) channels * scale * scale);
        }
    }

    /// Tells which of them a file holds.
    ///
    /// @throws ModelFileException when it is none of them
    static UpscalerShape of(StateDict dict) {
        if (dict.contains("model.0.weight") && dict.containsUnder("model.1.sub.0.RDB1.conv1.")) {
            return Layout.OLD.shape(dict);
        }
        if (dict.contains("conv_first.weight") && dict.containsUnder("body.0.rdb1.conv1.")) {
            return Layout.NEW.shape(dict);
        }
        if (dict.contains("conv_first.weight") && dict.containsUnder("RRDB_trunk.0.RDB1.conv1.")) {
            return Layout.TRUNK.shape(dict);
        }
        if (dict.contains("body.0.weight") && dict.contains("body.1.weight")) {
            return compact(dict);
        }
        throw new ModelFileException(
                dict.file(),
                "no upscaler of a known kind (ESRGAN, Real-ESRGAN, BSRGAN, compact): its keys are such as "
                        + String.join(", ", dict.names().stream().limit(3).toList()));
    }

    private static UpscalerShape compact(StateDict dict) {
        int last = dict.countIndexed("body.") - 1;
        List<String> names = new ArrayList<>();
        for (int i = 0; i <= last; i++) {
            names.add("body." + i + ".weight");
            if (dict.contains("body." + i + ".bias")) {
                names.add("body." + i + ".bias");
            }
        }
        int channels = Math.toIntExact(dict.entry("body.0.weight", 4).size(1));
        long out = dict.entry("body." + last + ".weight", 4).size(0);
        int scale = (int) Math.round(Math.sqrt((double) out / channels));
        if ((long) scale * scale * channels != out) {
            throw new ModelFileException(
                    dict.file(),
                    "a compact upscaler whose %d channels are no whole enlargement of %d"
                            .formatted(out, channels));
        }
        int width = Math.toIntExact(dict.entry("body.0.weight", 4).size(0));
        return new Compact(names, scale, width, channels);
    }

    /// How the parts of an ESRGAN file are called: the first convolution, the beginning of a residual block's name, and
    /// inside a block the part `%d` with its convolution `%d`.
    enum Layout {
        OLD("model.0", "model.1.sub.", ".RDB%d.conv%d.0") {
            @Override
            List<String> tail(StateDict dict, int blocks, int doublings) {
                List<String> tail = new ArrayList<>(List.of("model.1.sub." + blocks));
                for (int i = 1; i <= doublings; i++) {
                    tail.add("model." + 3 * i);
                }
                tail.add("model." + (3 * doublings + 2));
                tail.add("model." + (3 * doublings + 4));
                return tail;
            }

            @Override
            int doublings(StateDict dict) {
                int last =
                        dict.names().stream()
                                .filter(name -> name.matches("model\\.\\d{1,3}\\.weight"))
                                .mapToInt(name -> Integer.parseInt(name.split("\\.", -1)[1]))
                                .max()
                                .orElse(4);
                return (last - 4) / 3;
            }
        },
        NEW("conv_first", "body.", ".rdb%d.conv%d") {
            @Override
            List<String> tail(StateDict dict, int blocks, int doublings) {
                return tail("conv_body", "conv_up", "conv_hr", doublings);
            }

            @Override
            int doublings(StateDict dict) {
                return doublings(dict, "conv_up");
            }
        },
        TRUNK("conv_first", "RRDB_trunk.", ".RDB%d.conv%d") {
            @Override
            List<String> tail(StateDict dict, int blocks, int doublings) {
                return tail("trunk_conv", "upconv", "HRconv", doublings);
            }

            @Override
            int doublings(StateDict dict) {
                return doublings(dict, "upconv");
            }
        };

        private static final int PARTS = 3;
        private static final int CONVOLUTIONS = 5;

        private final String first;
        private final String blocks;
        private final String inside;

        Layout(String first, String blocks, String inside) {
            this.first = first;
            this.blocks = blocks;
            this.inside = inside;
        }

        /// The names after the blocks: the convolution behind them, those behind the doublings, the last two.
        abstract List<String> tail(StateDict dict, int blocks, int doublings);

        abstract int doublings(StateDict dict);

        static List<String> tail(String body, String up, String high, int doublings) {
            List<String> tail = new ArrayList<>(List.of(body));
            for (int i = 1; i <= doublings; i++) {
                tail.add(up + i);
            }
            tail.add(high);
            tail.add("conv_last");
            return tail;
        }

        static int doublings(StateDict dict, String up) {
            int doublings = 0;
            while (dict.contains(up + (doublings + 1) + ".weight")) {
                doublings++;
            }
            return doublings;
        }

        UpscalerShape shape(StateDict dict) {
            int count = 0;
            while (dict.contains(blocks + count + inside.formatted(1, 1) + ".weight")) {
                count++;
            }
            if (dict.names().stream().anyMatch(name -> name.contains(".conv1x1."))) {
                throw new ModelFileException(
                        dict.file(), "an ESRGAN+ upscaler, which cannot be run so far");
            }
            int doublings = doublings(dict);
            List<String> modules = new ArrayList<>(List.of(first));
            for (int block = 0; block < count; block++) {
                for (int part = 1; part <= PARTS; part++) {
                    for (int i = 1; i <= CONVOLUTIONS; i++) {
                        modules.add(blocks + block + inside.formatted(part, i));
                    }
                }
            }
            List<String> tail = tail(dict, count, doublings);
            modules.addAll(tail);
            List<String> names = new ArrayList<>();
            for (String module : modules) {
                names.add(module + ".weight");
                names.add(module + ".bias");
            }
            int in = Math.toIntExact(dict.entry(first + ".weight", 4).size(1));
            int out = Math.toIntExact(dict.entry(tail.getLast() + ".weight", 4).size(0));
            int width = Math.toIntExact(dict.entry(first + ".weight", 4).size(0));
            int shuffle = in == out * 4 ? 2 : in == out * 16 ? 4 : 1;
            return new Residual(names, count, doublings, shuffle, width, out);
        }
    }
}
