package comfyserverless.runner.claim;

import static comfyserverless.contract.node.InputSpec.text;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// An output node that waits for a message of a client and shows it, with those that came besides.
final class WaitNode implements Node {
    private final CountDownLatch entered = new CountDownLatch(1);

    @Override
    public NodeDefinition definition() {
        return NodeDefinition.of("Wait", "test").required("name", text()).outputNode().build();
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) throws InterruptedException {
        entered.countDown();
        ArrayNode shown = Json.mapper().createArrayNode();
        shown.add(context.mailbox().await().asText());
        context.mailbox().poll().map(JsonNode::asText).ifPresent(shown::add);
        return Outputs.shown("text", shown);
    }

    void awaitEntered() throws InterruptedException {
        if (!entered.await(10, TimeUnit.SECONDS)) {
            throw new AssertionError("the node was not reached");
        }
    }
}
