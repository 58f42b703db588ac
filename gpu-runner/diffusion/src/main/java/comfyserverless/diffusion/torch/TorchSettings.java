package comfyserverless.diffusion.torch;

/// Which device computes, and on how many threads (0: as many as the process may use).
public record TorchSettings(Device device, int threads) {

    public TorchSettings {
        if (threads < 0 || threads > 1024) {
            throw new IllegalArgumentException("threads must be 0..1024, not " + threads);
        }
    }

    public static TorchSettings cpu() {
        return new TorchSettings(Device.CPU, 0);
    }

    int threadsOrAll() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
