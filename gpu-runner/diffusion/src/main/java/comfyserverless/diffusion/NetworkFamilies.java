package comfyserverless.diffusion;

import comfyserverless.diffusion.dit.FluxFamily;
import comfyserverless.diffusion.dit.Sd3Family;
import comfyserverless.diffusion.model.NetworkFamily;
import comfyserverless.diffusion.unet.UNetFamily;
import comfyserverless.diffusion.weights.DiffusersNames;
import comfyserverless.diffusion.weights.ModelFamily;
import comfyserverless.diffusion.weights.ModelFileException;
import comfyserverless.diffusion.weights.StateDict;
import java.util.List;

/// The families of networks that can be run, in the order in which a file is tried against them.
final class NetworkFamilies {

    /// What names of a network begin with in a checkpoint.
    private static final String PREFIX = "model.diffusion_model.";

    private static final List<NetworkFamily> ALL =
            List.of(new FluxFamily(), new Sd3Family(), new UNetFamily());

    private NetworkFamilies() {}

    /// A network that was found in a file.
    ///
    /// @param weights its tensors, named as its family names them
    record Found(NetworkFamily family, StateDict weights) {}

    /// Finds the network in a file, be it a checkpoint or a network alone, in the layout of its family or that of the
    /// diffusers library.
    ///
    /// @throws ModelFileException when it is none that can be run
    static Found in(StateDict file) {
        StateDict under = file.containsUnder(PREFIX) ? file.under(PREFIX) : file;
        StateDict network = DiffusersNames.isUnet(under) ? DiffusersNames.unet(under) : under;
        for (NetworkFamily family : ALL) {
            if (family.knows(network)) {
                return new Found(family, network);
            }
        }
        throw new ModelFileException(
                file.file(),
                "a model of %s of a kind that cannot be run so far"
                        .formatted(ModelFamily.of(file).title()));
    }
}
