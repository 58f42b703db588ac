package comfyserverless.diffusion.torch;

import ai.djl.pytorch.jni.IValue;

/// A list of tensors as one native value: the weights of a block, passed in one argument.
///
/// The list keeps its tensors alive by itself; it may outlive their handles.
public final class Tensors extends Resource {

    Tensors(Torch torch, IValue value) {
        super(torch, value);
    }
}
