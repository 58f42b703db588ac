package comfyserverless.diffusion.sampling;

/// Changes what happens inside a network, where the network has what it changes. The networks say which kinds they know;
/// one that does not know a patch leaves it out, as ComfyUI does with patches of blocks that are not there.
public non-sealed interface BlockPatch extends ModelPatch {}
