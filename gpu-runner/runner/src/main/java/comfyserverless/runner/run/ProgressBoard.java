package comfyserverless.runner.run;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.Event.NodeProgress.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/// How far each node is: what `progress_state` tells (ProgressRegistry, ComfyUI 0.3.64). Nodes that wait
/// move on threads of their own.
final class ProgressBoard {
    /// With more nodes than this, only those begun last of the unfinished ones and the one that changed are told: the
    /// cost of a message does not grow with the graph.
    private static final int MOST = 32;

    /// So many letters of ids at most, besides those of the node that changed: the ids of a loop's nodes grow
    /// with every turn.
    private static final int MOST_LETTERS = 8_000;

    private final String promptId;
    private final DynamicGraph graph;
    private final Map<String, Event.NodeProgress> nodes = new LinkedHashMap<>();
    private final SequencedMap<String, Event.NodeProgress> unfinished = new LinkedHashMap<>();

    ProgressBoard(String promptId, DynamicGraph graph) {
        this.promptId = promptId;
        this.graph = graph;
    }

    synchronized Event.ProgressState started(String id) {
        return set(fresh(id));
    }

    private Event.NodeProgress fresh(String id) {
        return new Event.NodeProgress(
                0, 1, State.RUNNING, id, graph.display(id), graph.parent(id), graph.real(id));
    }

    /// @param id a node that has started
    synchronized Event.ProgressState moved(String id, double value, double max) {
        Event.NodeProgress before = nodes.get(id);
        return set(changed(before == null ? fresh(id) : before, value, max, State.RUNNING));
    }

    synchronized Event.ProgressState finished(String id) {
        Event.NodeProgress before = nodes.get(id);
        Event.NodeProgress known = before == null ? fresh(id) : before;
        return set(changed(known, known.max(), known.max(), State.FINISHED));
    }

    private static Event.NodeProgress changed(
            Event.NodeProgress node, double value, double max, State state) {
        return new Event.NodeProgress(
                value,
                max,
                state,
                node.nodeId(),
                node.displayNodeId(),
                node.parentNodeId(),
                node.realNodeId());
    }

    private Event.ProgressState set(Event.NodeProgress progress) {
        String id = progress.nodeId();
        nodes.put(id, progress);
        if (progress.state() == State.FINISHED) {
            unfinished.remove(id);
        } else {
            unfinished.put(id, progress);
        }
        if (nodes.size() <= MOST) {
            return new Event.ProgressState(promptId, nodes);
        }
        return new Event.ProgressState(promptId, newest(progress));
    }

    /// The changed node and, oldest first, as many of the unfinished ones begun last as a message bears.
    private Map<String, Event.NodeProgress> newest(Event.NodeProgress changed) {
        Deque<Event.NodeProgress> chosen = new ArrayDeque<>();
        int letters = letters(changed);
        for (Event.NodeProgress each : unfinished.sequencedValues().reversed()) {
            letters += letters(each);
            if (chosen.size() == MOST || letters > MOST_LETTERS) {
                break;
            }
            chosen.addFirst(each);
        }
        Map<String, Event.NodeProgress> told = new LinkedHashMap<>();
        chosen.forEach(each -> told.put(each.nodeId(), each));
        told.put(changed.nodeId(), changed);
        return told;
    }

    private static int letters(Event.NodeProgress node) {
        String parent = node.parentNodeId();
        return 2 * node.nodeId().length()
                + node.displayNodeId().length()
                + node.realNodeId().length()
                + (parent == null ? 0 : parent.length());
    }
}
