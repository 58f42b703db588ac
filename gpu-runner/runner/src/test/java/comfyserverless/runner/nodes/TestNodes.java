package comfyserverless.runner.nodes;

import comfyserverless.nodeapi.Node;
import comfyserverless.runner.nodes.model.LoadedModels;
import comfyserverless.runner.nodes.sampling.PreviewMethod;
import java.time.Clock;
import java.util.List;
import java.util.Random;

/// ComfyUI's nodes for tests that load no model.
public final class TestNodes {
    private TestNodes() {}

    public static List<Node> core() {
        LoadedModels none =
                new LoadedModels(
                        () -> {
                            throw new UnsupportedOperationException("no test loads a model");
                        },
                        1);
        return CoreNodes.all(
                new CoreNodes.Surroundings(
                        none, PreviewMethod.NONE, true, Clock.systemUTC(), new Random(1)));
    }
}
