package comfyserverless.runner.pack;

import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.pack.LoadedPack;
import comfyserverless.contract.pack.PackSources;
import comfyserverless.contract.pack.Packs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.PackNodes;
import comfyserverless.nodeapi.SocketType;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The packs of a runner. One whose halves do not fit is left out with a sentence that names it.
///
/// @param packs those that are here, with their content
/// @param nodes what they run, in the order of the packs and of their definitions
/// @param types their socket types that have a codec
public record RunnerPacks(Packs packs, List<Node> nodes, PackTypes types) {
    public static final RunnerPacks NONE = new RunnerPacks(Packs.NONE, List.of(), PackTypes.NONE);

    /// The packs that a runner shall have.
    ///
    /// @param leftOut told of each that cannot be loaded, and of each file of one that cannot be published
    public record Wanted(PackSources sources, Consumer<String> leftOut) {}

    private static final Set<String> FOR_NODES =
            Stream.concat(Packs.FOR_FUNCTIONS.stream(), Stream.of("comfyserverless.nodeapi."))
                    .collect(Collectors.toUnmodifiableSet());

    public RunnerPacks {
        nodes = List.copyOf(nodes);
    }

    /// Loads both halves of each pack.
    ///
    /// @param core ComfyUI's own class names
    public static RunnerPacks load(PackSources sources, Set<String> core) {
        Packs found = Packs.load(sources, core, FOR_NODES);
        List<LoadedPack> whole = new ArrayList<>();
        List<String> refused = new ArrayList<>(found.refused());
        List<Node> nodes = new ArrayList<>();
        Map<String, SocketType<?>> types = new LinkedHashMap<>();
        for (LoadedPack pack : found.all()) {
            try {
                List<PackNodes> halves = halves(pack);
                List<Node> own = fitting(pack, halves);
                types.putAll(types(pack, halves));
                nodes.addAll(own);
                whole.add(pack);
            } catch (RuntimeException | LinkageError | ServiceConfigurationError e) {
                refused.add(Packs.sentence(pack.source(), e));
                pack.close();
            }
        }
        return new RunnerPacks(new Packs(whole, refused), nodes, new PackTypes(types));
    }

    /// One node per definition, in their order.
    private static List<Node> fitting(LoadedPack pack, List<PackNodes> halves) {
        Map<String, Node> nodes = nodes(halves);
        List<Node> ordered = new ArrayList<>();
        for (NodeDefinition wanted : pack.pack().definitions()) {
            Node node = nodes.remove(wanted.className());
            if (node == null) {
                throw new IllegalArgumentException(
                        "no " + PackNodes.class.getName() + " runs its node " + wanted.className());
            }
            if (!node.definition().equals(wanted)) {
                throw new IllegalArgumentException(
                        "its two halves define the node " + wanted.className() + " differently");
            }
            ordered.add(node);
        }
        if (!nodes.isEmpty()) {
            throw new IllegalArgumentException(
                    "its definitions lack " + String.join(", ", nodes.keySet()));
        }
        return ordered;
    }

    private static Map<String, Node> nodes(List<PackNodes> halves) {
        Map<String, Node> nodes = new LinkedHashMap<>();
        for (PackNodes half : halves) {
            for (Node node : half.nodes()) {
                String name = node.definition().className();
                if (nodes.put(name, node) != null) {
                    throw new IllegalArgumentException("two of its nodes are named " + name);
                }
            }
        }
        return nodes;
    }

    private static Map<String, SocketType<?>> types(LoadedPack pack, List<PackNodes> halves) {
        List<SocketType<?>> types = new ArrayList<>();
        halves.forEach(half -> types.addAll(half.types()));
        return PackTypes.of(pack.name(), types);
    }

    private static List<PackNodes> halves(LoadedPack pack) {
        return ServiceLoader.load(PackNodes.class, pack.classes()).stream()
                .filter(half -> isOf(pack, half))
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /// On the class path the halves of several packs are found together: those from one place belong to
    /// each other.
    private static boolean isOf(LoadedPack pack, ServiceLoader.Provider<PackNodes> half) {
        return !pack.classes().equals(PackNodes.class.getClassLoader())
                || Objects.equals(place(half.type()), place(pack.pack().getClass()));
    }

    private static @Nullable CodeSource place(Class<?> type) {
        return type.getProtectionDomain().getCodeSource();
    }
}
