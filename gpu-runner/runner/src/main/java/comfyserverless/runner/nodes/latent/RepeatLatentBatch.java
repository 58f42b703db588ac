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
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A batch of latents several times over; the repeats get places of their own for the noise.
public final class RepeatLatentBatch implements Node {
    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("RepeatLatentBatch", "nodes")
                .displayed("Repeat Latent Batch")
                .category("latent/batch")
                .required("samples", link("LATENT"))
                .required("amount", integer(1).between(1, 64))
                .output("LATENT")
                .build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        Latent latent = in.latent("samples");
        int amount = in.integer("amount");
        Mask mask = latent.noiseMask();
        return Outputs.of(
                new Latent(
                        repeated(latent.data(), amount),
                        latent.batch() * amount,
                        latent.channels(),
                        latent.height(),
                        latent.width(),
                        mask == null || mask.batch() == 1
                                ? mask
                                : new Mask(
                                        repeated(mask.data(), amount),
                                        mask.batch() * amount,
                                        mask.height(),
                                        mask.width()),
                        places(latent.batchIndex(), amount)));
    }

    private static float[] repeated(float[] data, int amount) {
        float[] all = new float[Math.multiplyExact(data.length, amount)];
        for (int i = 0; i < amount; i++) {
            System.arraycopy(data, 0, all, i * data.length, data.length);
        }
        return all;
    }

    private static List<Integer> places(List<Integer> places, int amount) {
        if (places.isEmpty()) {
            return places;
        }
        int offset = Collections.max(places) - Collections.min(places) + 1;
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i < amount; i++) {
            for (int place : places) {
                all.add(place + i * offset);
            }
        }
        return all;
    }
}
