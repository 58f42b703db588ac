package comfyserverless.diffusion.goldens;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.diffusion.torch.HostTensor;

/// How far a result is from the recorded one: max |difference| / max |recorded|.
public final class Agreement {

    private Agreement() {}

    /// Asserts the same shape and a difference within the tolerance.
    public static void assertAgrees(
            String key, HostTensor actual, HostTensor recorded, double tolerance) {
        assertThat(actual.shape()).as("shape of %s", key).containsExactly(recorded.shape());
        assertThat(difference(actual.data(), recorded.data()))
                .as("relative difference of %s", key)
                .isLessThanOrEqualTo(tolerance);
    }

    /// max |difference| / max |recorded|; infinite where one is not a number.
    public static double difference(float[] actual, float[] recorded) {
        double most = 0;
        double scale = 0;
        for (int i = 0; i < recorded.length; i++) {
            double difference = Math.abs((double) actual[i] - recorded[i]);
            if (Double.isNaN(difference)) {
                return Double.POSITIVE_INFINITY;
            }
            most = Math.max(most, difference);
            scale = Math.max(scale, Math.abs(recorded[i]));
        }
        return most == 0 ? 0 : most / scale;
    }
}
