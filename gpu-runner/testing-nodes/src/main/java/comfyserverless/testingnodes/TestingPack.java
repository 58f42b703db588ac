package comfyserverless.testingnodes;

import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.contract.pack.NodePack;
import comfyserverless.contract.prompt.NodeValidator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The testing nodes' definitions, as recorded, and their validators.
public final class TestingPack implements NodePack {
    private static final Catalogue CATALOGUE = read();

    static NodeDefinition definition(String className) {
        return CATALOGUE
                .find(className)
                .orElseThrow(() ->
                        new IllegalArgumentException("no testing node is named " + className));
    }

    @Override
    public String name() {
        return "testing-pack";
    }

    @Override
    public List<NodeDefinition> definitions() {
        return List.copyOf(CATALOGUE.nodes().values());
    }

    @Override
    public Optional<NodeValidator> validator(String className) {
        return TestingValidators.of(definition(className));
    }

    private static Catalogue read() {
        try (InputStream file = TestingPack.class.getResourceAsStream("definitions.json")) {
            if (file == null) {
                throw new IllegalStateException("definitions.json does not lie beside its class");
            }
            return Catalogue.of(
                    Catalogue.of(Json.readStored(file.readAllBytes())).nodes().values().stream()
                            .map(TestingPack::whole)
                            .toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read definitions.json", e);
        }
    }

    /// With what /object_info does not show.
    private static NodeDefinition whole(NodeDefinition shown) {
        if (!shown.className().equals("TestListToAccumulationNode")) {
            return shown;
        }
        Set<Trait> traits = EnumSet.of(Trait.INPUT_IS_LIST);
        traits.addAll(shown.traits());
        return new NodeDefinition(
                shown.className(),
                shown.presentation(),
                shown.required(),
                shown.optional(),
                shown.hidden(),
                shown.outputs(),
                traits);
    }
}
