package comfyserverless.testingnodes;

import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.PackNodes;
import java.util.List;
import java.util.stream.Stream;

/// What the testing nodes do.
public final class TestingNodes implements PackNodes {
    @Override
    public List<Node> nodes() {
        return Stream.of(
                        StubNodes.all(),
                        PictureNodes.all(),
                        ExpandingNodes.all(),
                        LoopNodes.all(),
                        ListNodes.all(),
                        LogicNodes.all(),
                        WaitingNodes.all())
                .<Node>flatMap(List::stream)
                .toList();
    }
}
