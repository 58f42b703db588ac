package comfyserverless.nodeapi;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.event.PreviewFrame;

/// What a node may do while it runs, besides computing.
public interface NodeContext {
    String nodeId();

    String promptId();

    /// How the ids of nodes begin that this call expands into: `5.0.0.` for the first item of node 5.
    String expansionPrefix();

    /// Throws if the run must end here; called often by nodes that take long.
    void checkStop();

    /// Tells how far the node is; also checks for a stop.
    void progress(double value, double max);

    /// The same with a picture of how it stands.
    void progress(double value, double max, PreviewFrame picture);

    /// The same with a picture that is a result: it is never dropped.
    void progressWithResult(double value, double max, PreviewFrame picture);

    /// A line of text shown at the node, in every page of the tenant that has a node of this id
    /// (`send_progress_text`, ComfyUI 0.3.64).
    void text(String text);

    /// A message of the pack's own type to every client of the tenant, as `send_sync(type, data)` of
    /// ComfyUI sends it. The client that queued the prompt gets it in order and also when it has to
    /// reconnect; the others get it if they are connected.
    void send(String type, JsonNode data);

    /// The same to the client that queued the prompt, to all if none did (`send_sync(type, data,
    /// server.client_id)`).
    void sendToClient(String type, JsonNode data);

    /// What clients posted to this node.
    NodeMailbox mailbox();

    NodeFiles files();
}
