package comfyserverless.runner.claim;

import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// An output node that stands still until the test lets it go on, asking for a stop now and then.
public final class GateNode implements Node {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger runs = new AtomicInteger();

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("Gate", "test").required("name", text()).outputNode().build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) throws InterruptedException {
        runs.incrementAndGet();
        entered.countDown();
        int step = 0;
        while (!open.await(5, TimeUnit.MILLISECONDS)) {
            context.progress(step++, 1000);
        }
        ArrayNode shown = Json.mapper().createArrayNode();
        return Outputs.shown("text", shown.add(in.text("name")));
    }

    public void awaitEntered() throws InterruptedException {
        if (!entered.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the node was not reached");
        }
    }

    public void open() {
        open.countDown();
    }

    public int runs() {
        return runs.get();
    }
}
