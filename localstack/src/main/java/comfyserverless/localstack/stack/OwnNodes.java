package comfyserverless.localstack.stack;

import comfyserverless.contract.catalogue.Catalogues;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.LoadedPack;
import comfyserverless.contract.pack.NodePack;
import comfyserverless.contract.pack.PackPublication;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.contract.pack.PackValidators;
import comfyserverless.contract.pack.Packs;
import comfyserverless.diffusion.ModelFiles;
import comfyserverless.handlers.extension.Extensions;
import comfyserverless.localstack.start.CannotStart;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.CoreNodes;
import comfyserverless.runner.nodes.model.LoadedModels;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.Set;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The node classes of this version and of the packs, published at the start: so the functions know them before a runner
/// is up, and without any. Of packs only the half for the functions is loaded here.
final class OwnNodes implements AutoCloseable {
    private static final Set<String> SHARED =
            Stream.concat(Packs.FOR_FUNCTIONS.stream(), Stream.of(Extensions.PACKAGE))
                    .collect(Collectors.toUnmodifiableSet());

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
        return new OwnNodes(core, Packs.load(sources, taken, SHARED));
    }

    /// The routes of the packs.
    ///
    /// @throws CannotStart if one cannot be loaded or clashes with another route
    Extensions extensions() {
        ClassLoader ours = NodePack.class.getClassLoader();
        List<ClassLoader> loaders =
                packs.all().stream()
                        .map(LoadedPack::classes)
                        .filter(loader -> !loader.equals(ours))
                        .toList();
        try {
            return Extensions.onClassPathAnd(loaders);
        } catch (IllegalStateException | ServiceConfigurationError e) {
            throw new CannotStart("A pack stops the start: " + e.getMessage() + ".", e);
        }
    }

    /// A sentence for each pack that was left out.
    List<String> refused() {
        return packs.refused();
    }

    PackValidators validators() {
        return new PackValidators(packs.packs());
    }

    @Override
    public void close() {
        packs.close();
    }

    /// Publishes them.
    ///
    /// @param leftOut told of each file of a pack that is too large for it
    void publishIn(Catalogues catalogues, Consumer<String> leftOut) {
        List<NodeDefinition> all = new ArrayList<>(core);
        for (NodePack pack : packs.packs()) {
            all.addAll(pack.definitions());
        }
        PackPublication publication = PackPublication.of(all, packs);
        publication.leftOut().forEach(file -> leftOut.accept(file.sentence()));
        publication.in(catalogues);
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

    private static ModelFiles loadNothing() {
        throw new IllegalStateException("the functions load no model");
    }
}
