package comfyserverless.localstack.stack;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.diffusion.Checkpoint;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.CoreNodes;
import comfyserverless.runner.nodes.model.LoadedModels;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.random.RandomGenerator;

/// The node classes of this version, published at the start: so the functions know them before a runner is up, and without
/// any.
final class OwnNodes {
    private OwnNodes() {}

    static void publishIn(Catalogues catalogues) {
        Catalogue catalogue = catalogue();
        catalogues.publish(catalogue.digest(), catalogue.gzip());
    }

    private static Catalogue catalogue() {
        List<NodeDefinition> definitions =
                CoreNodes.all(
                                new CoreNodes.Surroundings(
                                        new LoadedModels(OwnNodes::loadNothing, 1),
                                        PreviewMethod.NONE,
                                        true,
                                        Clock.systemUTC(),
                                        RandomGenerator.getDefault()))
                        .stream()
                        .map(Node::definition)
                        .toList();
        return Catalogue.of(definitions);
    }

    private static Checkpoint loadNothing(Path file) {
        throw new IllegalStateException("the functions load no model: " + file);
    }
}
