package comfyserverless.runner.nodes;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeFiles;
import comfyserverless.nodeapi.NodeMailbox;

/// For nodes that only compute.
public final class NoContext implements NodeContext {
    @Override
    public String nodeId() {
        return "1";
    }

    @Override
    public String promptId() {
        return "prompt";
    }

    @Override
    public String expansionPrefix() {
        return "1.0.0.";
    }

    @Override
    public void checkStop() {}

    @Override
    public void progress(double value, double max) {}

    @Override
    public void progress(double value, double max, PreviewFrame picture) {}

    @Override
    public void progressWithResult(double value, double max, PreviewFrame picture) {}

    @Override
    public void text(String text) {}

    @Override
    public void send(String type, JsonNode data) {}

    @Override
    public void sendToClient(String type, JsonNode data) {}

    @Override
    public NodeMailbox mailbox() {
        throw new UnsupportedOperationException("nobody posts to this node");
    }

    @Override
    public NodeFiles files() {
        throw new UnsupportedOperationException("this node has no files");
    }
}
