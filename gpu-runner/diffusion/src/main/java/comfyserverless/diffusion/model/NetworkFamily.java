package comfyserverless.diffusion.model;

import comfyserverless.diffusion.torch.DType;
import comfyserverless.diffusion.torch.Device;
import comfyserverless.diffusion.weights.StateDict;
import comfyserverless.diffusion.weights.Weights;

/// A family of networks that can be told by their weights' names and shapes.
public interface NetworkFamily {

    /// Whether a network is of this family.
    ///
    /// @param network its weights, without the prefix that they have in a checkpoint
    boolean knows(StateDict network);

    /// What a network of this family computes in: full precision on a processor, half on a GPU, as ComfyUI chooses.
    default DType computingType(Device device) {
        return switch (device) {
            case CPU -> DType.F32;
            case CUDA -> DType.F16;
        };
    }

    /// Looks at a network closely, at numbers too where the names do not tell all. On the device's thread.
    ///
    /// @param network its weights, without the prefix that they have in a checkpoint
    /// @param file all of the file, where marks may lie beside the network
    /// @throws comfyserverless.diffusion.weights.ModelFileException when it is one that cannot be run
    Architecture architecture(Weights network, Weights file);
}
