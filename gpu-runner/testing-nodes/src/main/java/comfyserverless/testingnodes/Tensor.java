package comfyserverless.testingnodes;

import comfyserverless.nodeapi.Image;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.NodeException;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleBinaryOperator;

/// As much of a tensor library as the testing nodes need: numbers of four dimensions and their
/// elementwise operations, with dimensions of 1 repeated as PyTorch does.
///
/// @param shape four sizes
@SuppressWarnings("ArrayRecordComponent") // never compared
record Tensor(float[] data, int[] shape) {
    private static final int DIMENSIONS = 4;

    static Tensor of(Image image) {
        return new Tensor(
                image.data(),
                new int[] {image.batch(), image.height(), image.width(), image.channels()});
    }

    /// A mask with one channel.
    static Tensor of(Mask mask) {
        return new Tensor(mask.data(), new int[] {mask.batch(), mask.height(), mask.width(), 1});
    }

    static Tensor of(double number) {
        return new Tensor(new float[] {(float) number}, new int[] {1, 1, 1, 1});
    }

    static Tensor filled(int batch, int height, int width, double value) {
        Image image = Image.black(batch, height, width);
        Arrays.fill(image.data(), (float) value);
        return of(image);
    }

    /// The mean of tensors of one shape.
    static Tensor mean(List<Tensor> tensors) {
        Tensor first = tensors.getFirst();
        float[] sum = new float[first.data.length];
        for (int i = 0; i < tensors.size(); i++) {
            Tensor tensor = tensors.get(i);
            if (!Arrays.equals(tensor.shape, first.shape)) {
                throw new NodeException(
                        "RuntimeError",
                        "stack expects each tensor to be equal size, but got "
                                + Arrays.toString(first.shape)
                                + " at entry 0 and "
                                + Arrays.toString(tensor.shape)
                                + " at entry "
                                + i);
            }
            for (int at = 0; at < sum.length; at++) {
                sum[at] += tensor.data[at];
            }
        }
        for (int at = 0; at < sum.length; at++) {
            sum[at] /= tensors.size();
        }
        return new Tensor(sum, first.shape);
    }

    Tensor times(Tensor other) {
        return with(other, (a, b) -> (float) (a * b));
    }

    Tensor plus(Tensor other) {
        return with(other, Double::sum);
    }

    /// One minus each number.
    Tensor complement() {
        return of(1).with(this, (a, b) -> a - b);
    }

    float least() {
        float least = Float.POSITIVE_INFINITY;
        for (float value : data) {
            least = Math.min(least, value);
        }
        return least;
    }

    float most() {
        float most = Float.NEGATIVE_INFINITY;
        for (float value : data) {
            most = Math.max(most, value);
        }
        return most;
    }

    boolean isAll(float value) {
        return least() == value && most() == value;
    }

    Image image() {
        return new Image(data, shape[0], shape[1], shape[2], shape[3]);
    }

    private Tensor with(Tensor other, DoubleBinaryOperator operation) {
        int[] joined = joined(other);
        float[] result = new float[joined[0] * joined[1] * joined[2] * joined[3]];
        int at = 0;
        for (int b = 0; b < joined[0]; b++) {
            for (int y = 0; y < joined[1]; y++) {
                for (int x = 0; x < joined[2]; x++) {
                    for (int c = 0; c < joined[3]; c++) {
                        double left = data[index(b, y, x, c)];
                        double right = other.data[other.index(b, y, x, c)];
                        result[at++] = (float) operation.applyAsDouble(left, right);
                    }
                }
            }
        }
        return new Tensor(result, joined);
    }

    private int index(int b, int y, int x, int c) {
        int picture = shape[0] == 1 ? 0 : b;
        int row = shape[1] == 1 ? 0 : y;
        int column = shape[2] == 1 ? 0 : x;
        int channel = shape[3] == 1 ? 0 : c;
        return ((picture * shape[1] + row) * shape[2] + column) * shape[3] + channel;
    }

    private int[] joined(Tensor other) {
        int[] joined = new int[DIMENSIONS];
        for (int i = DIMENSIONS - 1; i >= 0; i--) {
            int left = shape[i];
            int right = other.shape[i];
            if (left != right && left != 1 && right != 1) {
                throw new NodeException(
                        "RuntimeError",
                        "The size of tensor a ("
                                + left
                                + ") must match the size of tensor b ("
                                + right
                                + ") at non-singleton dimension "
                                + i);
            }
            joined[i] = left == 1 ? right : left;
        }
        return joined;
    }
}
