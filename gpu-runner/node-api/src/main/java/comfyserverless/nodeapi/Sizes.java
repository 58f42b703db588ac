package comfyserverless.nodeapi;

/// How many numbers a shape holds.
final class Sizes {
    private Sizes() {}

    /// @throws ArithmeticException if that is more than an array holds
    static int count(int... shape) {
        int count = 1;
        for (int size : shape) {
            count = Math.multiplyExact(count, size);
        }
        return count;
    }
}
