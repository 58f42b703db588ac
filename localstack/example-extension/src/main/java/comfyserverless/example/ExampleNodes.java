package comfyserverless.example;

import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.PackNodes;
import java.util.List;

/// What the pack's node does, for runners.
public final class ExampleNodes implements PackNodes {
    @Override
    public List<Node> nodes() {
        return List.of(new AskThePage());
    }
}
