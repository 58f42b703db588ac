package comfyserverless.localstack.settings;

/// What runners compute on.
public enum Device {
    AUTO,
    CPU,
    CUDA
}
