package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Some latents of a batch; each keeps its place for the noise.
public final class LatentFromBatch implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("LatentFromBatch", "nodes")
                .displayed("Latent From Batch")
                .category("latent/batch")
                .required("samples", link("LATENT"))
                .required("batch_index", integer(0).between(0, 63))
                .required("length", integer(1).between(1, 64))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        int from = Math.min(latent.batch() - 1, in.integer("batch_index"));
        int to = Math.min(latent.batch(), from + in.integer("length"));
        int size = latent.data().length / latent.batch();
        List<Integer> places = latent.batchIndex();
        List<Integer> kept =
                places.isEmpty()
                        ? IntStream.range(from, to).boxed().toList()
                        : places.subList(from, to);
        return Outputs.of(
                new Latent(
                        Arrays.copyOfRange(latent.data(), from * size, to * size),
                        to - from,
                        latent.channels(),
                        latent.height(),
                        latent.width(),
                        mask(latent, from, to),
                        kept));
    }

    /// The masks of the same places; one mask for all stays.
    private static @Nullable Mask mask(Latent latent, int from, int to) {
        Mask mask = latent.noiseMask();
        if (mask == null || mask.batch() == 1) {
            return mask;
        }
        int size = mask.height() * mask.width();
        float[] all = new float[(to - from) * size];
        for (int i = from; i < to; i++) {
            System.arraycopy(mask.data(), i % mask.batch() * size, all, (i - from) * size, size);
        }
        return new Mask(all, to - from, mask.height(), mask.width());
    }
}
