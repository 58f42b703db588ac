package comfyserverless.localstack.stack;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.NodePack;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.contract.pack.Packs;
import comfyserverless.diffusion.Checkpoint;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.CoreNodes;
import comfyserverless.runner.nodes.model.LoadedModels;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;

/// The node classes of this version and of the packs, published at the start: so the functions know them before a runner
/// is up, and without any. Of packs only the half for the functions is loaded here.
final class OwnNodes {
    private final List<NodeDefinition> core;
    private final Packs packs;

    private OwnNodes(List<NodeDefinition> core, Packs packs) {
        this.core = core;
        this.packs = packs;
    }

    static OwnNodes with(PackSources sources) {
        List<NodeDefinition> core = core();
        Set<String> taken =
                core.stream().map(NodeDefinition::className).collect(Collectors.toSet());
        return new OwnNodes(core, Packs.load(sources, taken, Packs.FOR_FUNCTIONS));
    }

    /// A sentence for each pack that was left out.
    List<String> refused() {
        return packs.refused();
    }

    PackValidators validators() {
        return new PackValidators(packs.packs());
    }

    void publishIn(Catalogues catalogues) {
        List<NodeDefinition> all = new ArrayList<>(core);
        for (NodePack pack : packs.packs()) {
            all.addAll(pack.definitions());
        }
        Catalogue catalogue = Catalogue.of(all);
        catalogues.publish(catalogue.digest(), catalogue.gzip());
    }

    private static List<NodeDefinition> core() {
        return CoreNodes.all(
                        new CoreNodes.Surroundings(
                                new LoadedModels(OwnNodes::loadNothing, 1),
                                PreviewMethod.NONE,
                                true,
                                Clock.systemUTC(),
                                RandomGenerator.getDefault()))
                .stream()
                .map(Node::definition)
                .toList();
    }

    private static Checkpoint loadNothing(Path file) {
        throw new IllegalStateException("the functions load no model: " + file);
    }
}
