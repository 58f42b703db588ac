package comfyserverless.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.Node;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.Outputs;

/// Shows a question on the page and goes on with what a user answers.
final class AskThePage implements Node {
    @Override
    public NodeDefinition definition() {
        return ExamplePack.ASK;
    }

    @Override
    public Outputs run(Inputs in, NodeContext context) throws InterruptedException {
        context.send(
                "example.question",
                Json.object().put("node", context.nodeId()).put("question", in.text("question")));
        JsonNode answer = context.mailbox().await();
        return Outputs.of(answer);
    }

    /// It waits for a person: other nodes go on meanwhile.
    @Override
    public boolean isAsynchronous() {
        return true;
    }

    @Override
    public boolean marksChanges() {
        return true;
    }

    /// An answer holds for one run.
    @Override
    public JsonNode changeMark(Inputs literals, NodeContext context) {
        return DoubleNode.valueOf(Double.NaN);
    }
}
