package comfyserverless.runner.run;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.Event.NodeProgress.State;
import java.util.LinkedHashMap;
import java.util.Map;

/// How far each node is: what `progress_state` tells (ProgressRegistry, ComfyUI 0.3.64).
final class ProgressBoard {
    /// With more nodes than this, only those that are not finished and the one that changed are told.
    private static final int MOST = 120;

    private final String promptId;
    private final DynamicGraph graph;
    private final Map<String, Event.NodeProgress> nodes = new LinkedHashMap<>();
    private final Map<String, Event.NodeProgress> unfinished = new LinkedHashMap<>();

    ProgressBoard(String promptId, DynamicGraph graph) {
        this.promptId = promptId;
        this.graph = graph;
    }

    Event.ProgressState started(String id) {
        return set(id, 0, 1, State.RUNNING);
    }

    Event.ProgressState moved(String id, double value, double max) {
        return set(id, value, max, State.RUNNING);
    }

    Event.ProgressState finished(String id) {
        Event.NodeProgress before = nodes.get(id);
        double max = before == null ? 1 : before.max();
        return set(id, max, max, State.FINISHED);
    }

    private Event.ProgressState set(String id, double value, double max, State state) {
        Event.NodeProgress progress =
                new Event.NodeProgress(
                        value, max, state, id, graph.display(id), graph.parent(id), graph.real(id));
        nodes.put(id, progress);
        if (state == State.FINISHED) {
            unfinished.remove(id);
        } else {
            unfinished.put(id, progress);
        }
        if (nodes.size() <= MOST) {
            return new Event.ProgressState(promptId, nodes);
        }
        Map<String, Event.NodeProgress> told = new LinkedHashMap<>(unfinished);
        told.put(id, progress);
        return new Event.ProgressState(promptId, told);
    }
}
