package comfyserverless.runner.run;

import java.util.Locale;

/// A tensor as PyTorch prints it: four digits behind the point, equal widths, and of more than 1,000
/// numbers only three from each end of a dimension (_tensor_str.py, torch 2.7).
final class TensorText {
    private static final int MOST = 1000;
    private static final int EDGE = 3;

    private final float[] data;
    private final int[] shape;
    private final boolean cut;
    private boolean whole = true;
    private boolean scientific;
    private int width;

    private TensorText(float[] data, int[] shape) {
        this.data = data;
        this.shape = shape;
        this.cut = data.length > MOST;
        measure();
    }

    static String of(float[] data, int... shape) {
        TensorText text = new TensorText(data, shape);
        StringBuilder out = new StringBuilder("tensor(");
        text.write(out, 0, 0, "tensor(".length());
        return out.append(")").toString();
    }

    private void measure() {
        double least = Double.MAX_VALUE;
        double most = 0;
        for (float value : data) {
            if (Float.isFinite(value) && value != 0) {
                least = Math.min(least, Math.abs(value));
                most = Math.max(most, Math.abs(value));
                whole &= value == Math.rint(value);
            }
        }
        if (most > 0) {
            scientific =
                    whole
                            ? most / least > 1000.0 || most > 1e8
                            : most / least > 1000.0 || most > 1e8 || least < 1e-4;
        }
        for (float value : data) {
            width = Math.max(width, number(value).length());
        }
    }

    private String number(float value) {
        if (Float.isNaN(value)) {
            return "nan";
        }
        if (Float.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (scientific) {
            return String.format(Locale.ROOT, "%.4e", (double) value);
        }
        return whole
                ? String.format(Locale.ROOT, "%.0f.", (double) value)
                : String.format(Locale.ROOT, "%.4f", (double) value);
    }

    /// Writes one dimension; as deep as the shape has dimensions.
    private void write(StringBuilder out, int dimension, int offset, int indent) {
        int size = shape[dimension];
        boolean last = dimension == shape.length - 1;
        int step = 1;
        for (int d = dimension + 1; d < shape.length; d++) {
            step *= shape[d];
        }
        String between =
                last
                        ? ", "
                        : "," + "\n".repeat(shape.length - 1 - dimension) + " ".repeat(indent + 1);
        out.append('[');
        for (int i = 0; i < size; i++) {
            if (cut && size > 2 * EDGE && i == EDGE) {
                out.append(between).append("...");
                i = size - EDGE;
            }
            if (i > 0) {
                out.append(between);
            }
            if (last) {
                out.append(String.format(Locale.ROOT, "%" + width + "s", number(data[offset + i])));
            } else {
                write(out, dimension + 1, offset + i * step, indent + 1);
            }
        }
        out.append(']');
    }
}
