package comfyserverless.diffusion.goldens;

import comfyserverless.diffusion.torch.Device;
import comfyserverless.diffusion.torch.EngineStart;
import comfyserverless.diffusion.torch.Torch;
import comfyserverless.diffusion.torch.TorchSettings;

/// The CPU device that all tests of a JVM share (starting the engine takes about a second).
public final class TestTorch {

    private static final Torch CPU =
            Torch.open(new TorchSettings(Device.CPU, 2), EngineStart.SILENT);

    private TestTorch() {}

    public static Torch cpu() {
        return CPU;
    }
}
