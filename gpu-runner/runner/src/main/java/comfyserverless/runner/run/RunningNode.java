package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.PreviewFrame;
import comfyserverless.contract.json.Json;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeFiles;
import comfyserverless.nodeapi.NodeMailbox;
import comfyserverless.runner.report.JobReport;
import org.jspecify.annotations.Nullable;

/// A node at work: its progress, pictures and texts become the job's messages.
final class RunningNode implements NodeContext {
    private final String id;
    private final int call;
    private final JobRun run;
    private final ProgressBoard board;
    private final Tools tools;
    private final String className;
    private final String display;
    private final @Nullable String parent;
    private final String real;

    /// What all nodes of a run share.
    record Tools(NodeFiles files, JobMailbox mailbox) {}

    /// Made by the thread of the run; used by the node, on any thread.
    ///
    /// @param run its stop signal also ends what outlives the run
    RunningNode(
            String id, int call, JobRun run, DynamicGraph graph, ProgressBoard board, Tools tools) {
        this.id = id;
        this.call = call;
        this.run = run;
        this.board = board;
        this.tools = tools;
        this.className = graph.node(id).classType();
        this.display = graph.display(id);
        this.parent = graph.parent(id);
        this.real = graph.real(id);
    }

    @Override
    public String nodeId() {
        return id;
    }

    @Override
    public String promptId() {
        return run.claim().key().promptId();
    }

    @Override
    public String expansionPrefix() {
        return id + "." + call + ".0.";
    }

    @Override
    public NodeFiles files() {
        return tools.files();
    }

    @Override
    public NodeMailbox mailbox() {
        return tools.mailbox().of(id, display, className);
    }

    @Override
    public void checkStop() {
        run.stop().check();
    }

    @Override
    public void progress(double value, double max) {
        moved(value, max, null, null);
    }

    @Override
    public void progress(double value, double max, PreviewFrame picture) {
        moved(value, max, picture, null);
    }

    @Override
    public void progressWithResult(double value, double max, PreviewFrame picture) {
        moved(value, max, null, picture);
    }

    /// Clients that understand metadata get the picture before `progress`, others after it, as ComfyUI
    /// sends them.
    private void moved(
            double value,
            double max,
            @Nullable PreviewFrame preview,
            @Nullable PreviewFrame result) {
        checkStop();
        JobReport report = run.report();
        synchronized (board) {
            report.show(board.moved(id, value, max));
        }
        Event progress = new Event.Progress(promptId(), id, value, max);
        if (preview == null && result == null) {
            report.show(progress);
            return;
        }
        boolean first = report.describesPictures();
        if (!first) {
            report.show(progress);
        }
        if (preview != null) {
            report.show(new Event.Preview(described(preview)));
        }
        if (result != null) {
            report.tell(new Event.Preview(described(result)));
        }
        if (first) {
            report.show(progress);
        }
    }

    private PreviewFrame described(PreviewFrame picture) {
        ObjectNode ids = Json.object();
        ids.put("node_id", id).put("prompt_id", promptId());
        ids.put("display_node_id", display);
        ids.put("parent_node_id", parent).put("real_node_id", real);
        return new PreviewFrame(picture.mime(), picture.picture(), ids);
    }

    @Override
    public void text(String text) {
        checkStop();
        run.report().tell(new Event.ProgressText(id, text));
    }

    @Override
    public void send(String type, JsonNode data) {
        checkStop();
        run.report().tell(new Event.CustomToAll(type, data));
    }

    @Override
    public void sendToClient(String type, JsonNode data) {
        checkStop();
        run.report().tell(new Event.Custom(type, data));
    }
}
