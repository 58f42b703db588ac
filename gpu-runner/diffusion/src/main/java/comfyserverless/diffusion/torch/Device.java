package comfyserverless.diffusion.torch;

/// A kind of device tensors can live on, with PyTorch's name for it.
public enum Device {
    CPU("cpu"),
    CUDA("cuda:0");

    private final String torchName;

    Device(String torchName) {
        this.torchName = torchName;
    }

    String torchName() {
        return torchName;
    }
}
