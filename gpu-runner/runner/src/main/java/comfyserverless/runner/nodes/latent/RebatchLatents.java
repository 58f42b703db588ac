package comfyserverless.runner.nodes.latent;

import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Output;
import comfyserverless.contract.node.Trait;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Latent;
import comfyserverless.nodeapi.Mask;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import comfyserverless.nodeapi.Value;
import comfyserverless.runner.image.Grid;
import comfyserverless.runner.image.Scaling;
import comfyserverless.runner.nodes.Grids;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// All latents of a list in batches of one size; where the size of the pictures changes a batch ends early.
public final class RebatchLatents implements Node {
    private static final int CELL = 8;

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("RebatchLatents", "comfy_extras.nodes_rebatch")
                .displayed("Rebatch Latents")
                .category("latent/batch")
                .required("latents", link("LATENT"))
                .required("batch_size", integer(1).between(1, 4096))
                .output(new Output("LATENT", "LATENT", true, null))
                .trait(Trait.INPUT_IS_LIST)
                .trait(Trait.NEWER_STYLE)
                .build();
    }

    /// One latent of a batch.
    @SuppressWarnings("ArrayRecordComponent")
    private record Item(Latent like, float[] data, float[] mask, int place) {
        boolean fits(Item other) {
            return like.width() == other.like.width()
                    && like.height() == other.like.height()
                    && like.channels() == other.like.channels();
        }
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) {
        int most =
                new Inputs(Map.of("batch_size", in.many("batch_size").getFirst()))
                        .integer("batch_size");
        List<Value> batches = new ArrayList<>();
        List<Item> open = new ArrayList<>();
        int seen = 0;
        for (Value value : in.many("latents")) {
            for (Item item : items((Latent) value, seen)) {
                if (open.size() == most || (!open.isEmpty() && !open.getFirst().fits(item))) {
                    batches.add(batch(open));
                    open.clear();
                }
                open.add(item);
                seen++;
            }
        }
        if (!open.isEmpty()) {
            batches.add(batch(open));
        }
        return Outputs.of(new Value.Many(batches));
    }

    private static List<Item> items(Latent latent, int seen) {
        int size = latent.data().length / latent.batch();
        int wide = latent.width() * CELL;
        int high = latent.height() * CELL;
        Mask given = latent.noiseMask();
        Grid mask =
                given == null
                        ? Grids.of(Mask.filled(1, high, wide, 1f))
                        : Scaling.BILINEAR.resize(Grids.of(given), wide, high);
        List<Integer> places = LatentParts.places(latent, seen);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < latent.batch(); i++) {
            int at = i % mask.outer() * wide * high;
            items.add(
                    new Item(
                            latent,
                            Arrays.copyOfRange(latent.data(), i * size, (i + 1) * size),
                            Arrays.copyOfRange(mask.data(), at, at + wide * high),
                            places.get(i)));
        }
        return items;
    }

    private static Latent batch(List<Item> items) {
        Latent like = items.getFirst().like();
        int size = items.getFirst().data().length;
        int area = items.getFirst().mask().length;
        float[] data = new float[items.size() * size];
        float[] mask = new float[items.size() * area];
        List<Integer> places = new ArrayList<>();
        boolean everywhere = true;
        for (int i = 0; i < items.size(); i++) {
            System.arraycopy(items.get(i).data(), 0, data, i * size, size);
            System.arraycopy(items.get(i).mask(), 0, mask, i * area, area);
            places.add(items.get(i).place());
        }
        for (float share : mask) {
            everywhere &= share == 1f;
        }
        Mask kept =
                everywhere
                        ? null
                        : new Mask(mask, items.size(), like.height() * CELL, like.width() * CELL);
        return new Latent(
                data, items.size(), like.channels(), like.height(), like.width(), kept, places);
    }
}
