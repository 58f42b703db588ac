package comfyserverless.runner.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.graph.GraphNode;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.node.Hidden;
import comfyserverless.contract.node.InputSpec;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.Trait;
import comfyserverless.contract.prompt.LateValidation;
import comfyserverless.nodeapi.Inputs;
import comfyserverless.nodeapi.NodeContext;
import comfyserverless.nodeapi.NodeFiles;
import comfyserverless.nodeapi.Value;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One run of one prompt (PromptExecutor.execute_async, ComfyUI 0.3.64): what is cached, in which order
/// the rest runs, and which messages tell of it.
final class GraphRun implements ExecutionOrder.Traits, CacheKeys.Marks {
    private static final Logger LOG = LoggerFactory.getLogger(GraphRun.class);

    private final JobRun job;
    private final StopSignal stop;
    private final NodeHost host;
    private final ModelIdentity models;
    private final boolean shares;
    private final Clock clock;
    private final ObjectNode prompt;
    private final DynamicGraph graph;
    private final ProgressBoard board;
    private final RunResults results;
    private final RunningNode.Tools tools;
    private final ExecutionOrder order;
    private final NodeRun nodes;
    private final History history = new History();
    private final Set<String> executed = new LinkedHashSet<>();
    private final Map<String, ObjectNode> shown = new HashMap<>();
    private Set<String> tracked = Set.of();
    private volatile boolean over;

    GraphRun(
            JobRun job,
            NodeHost host,
            RunResults.Caches caches,
            NodeFiles files,
            Mail mail,
            Clock clock) {
        this.job = new JobRun(job.claim(), job.body(), job.report(), job.lease(), this::check);
        this.stop = job.stop();
        this.host = host;
        this.models = new ModelIdentity(files.models(), files.tenant());
        this.shares = caches.shared().isOn();
        this.clock = clock;
        this.tools =
                new RunningNode.Tools(
                        files, new JobMailbox(job.claim(), job.lease(), this::check, mail));
        this.prompt = job.body().prompt().deepCopy();
        this.graph = new DynamicGraph(comfyserverless.contract.graph.Graph.of(prompt));
        this.board = new ProgressBoard(promptId(), graph);
        String run = promptId() + "." + job.claim().fence();
        CacheKeys keys = new CacheKeys(graph, this, job.claim().key().tenant(), run);
        this.results = new RunResults(this.job, graph, keys, caches, id -> !isOutput(id));
        this.order = new ExecutionOrder(graph, this, this::isCached);
        this.nodes = new NodeRun(this, host, graph, order);
    }

    private String promptId() {
        return job.claim().key().promptId();
    }

    Work.Ended run() {
        String at = "";
        try {
            begin();
            while (!order.isEmpty()) {
                String next = order.next().orElse(null);
                if (next != null) {
                    at = next;
                    step(next);
                    continue;
                }
                String working = nodes.working();
                if (working == null) {
                    throw cycle();
                }
                at = working;
                nodes.await(job.stop());
            }
            return ended(
                    JobResult.End.SUCCESS, new Event.ExecutionSuccess(promptId(), clock.millis()));
        } catch (NodeFailed e) {
            LOG.info("node {} of {} failed", e.failure().nodeId(), job.claim().key(), e);
            return ended(
                    e.end(),
                    new Event.ExecutionError(
                            promptId(), e.failure(), List.copyOf(executed), clock.millis()));
        } catch (RunStopped e) {
            if (e.reason() == RunStopped.Reason.TAKEN_AWAY) {
                throw e;
            }
            return interrupted(at);
        } finally {
            over = true;
            nodes.close();
        }
    }

    /// Also ends what nodes left behind on other threads.
    private void check() {
        stop.check();
        if (over) {
            throw new RunStopped(RunStopped.Reason.INTERRUPTED);
        }
    }

    private Work.Ended interrupted(String at) {
        String id = graph.has(at) ? graph.real(at) : firstTarget();
        return ended(
                JobResult.End.INTERRUPTED,
                new Event.ExecutionInterrupted(
                        promptId(),
                        id,
                        graph.node(id).classType(),
                        List.copyOf(executed),
                        clock.millis()));
    }

    private String firstTarget() {
        List<String> targets = job.body().outputsToExecute();
        return targets.isEmpty() ? graph.original().iterator().next() : targets.getFirst();
    }

    private Work.Ended ended(JobResult.End end, Event last) {
        history.message(last);
        for (String id : graph.all()) {
            ObjectNode ui = shown.get(id);
            if (ui != null) {
                history.output(id, ui, about(id));
                continue;
            }
            NodeResult result = results.held(id);
            if (result != null && result.ui() != null && result.meta() != null) {
                history.output(id, result.ui(), result.meta());
            }
        }
        return new Work.Ended(history.end(end), last);
    }

    private void begin() {
        say(new Event.ExecutionStart(promptId(), clock.millis()));
        tracked = results.begin();
        List<String> cached = graph.original().stream().filter(results::knows).toList();
        say(new Event.ExecutionCached(promptId(), cached, clock.millis()));
        allowed().forEach(order::add);
    }

    /// The output nodes that no validator of a pack refuses. As with POST /prompt the others do not keep
    /// them from running; each refused node is told of.
    private List<String> allowed() {
        LateValidation late = new LateValidation(host::find, host::validator);
        LateValidation.Found found =
                late.judge(prompt, job.body().outputsToExecute(), tools.files()::exists);
        List<Event.NodeFailure> refused = LateErrors.of(found, graph, graph.original());
        if (found.outputs().isEmpty() && !refused.isEmpty()) {
            throw NodeFailed.refused(refused.getFirst());
        }
        for (Event.NodeFailure each : refused) {
            say(new Event.ExecutionError(promptId(), each, List.of(), clock.millis()));
        }
        return found.outputs();
    }

    /// A node has expanded into others.
    void expanded(String id, Collection<String> children) {
        results.expanded(id, children);
    }

    private void say(Event event) {
        history.message(event);
        job.report().tell(event);
    }

    private void step(String id) {
        NodeResult cached = result(id);
        if (cached != null) {
            tell(new Event.Executed(promptId(), id, graph.display(id), cached.ui()));
            complete(id);
            return;
        }
        NodeResult result = nodes.run(id);
        if (result != null) {
            results.put(id, result);
            executed.add(id);
            complete(id);
        }
    }

    private void complete(String id) {
        tellProgress(() -> board.finished(id));
        for (String unwanted : order.complete(id)) {
            results.release(unwanted);
        }
    }

    /// Nodes on other threads move on the same board: what was set last is told last.
    private void tellProgress(Supplier<Event.ProgressState> change) {
        synchronized (board) {
            tell(change.get());
        }
    }

    private NodeFailed cycle() {
        List<String> left = order.left();
        String blamed =
                left.stream()
                        .filter(id -> !graph.display(id).equals(id))
                        .map(graph::display)
                        .findFirst()
                        .orElse(left.getFirst());
        Event.NodeFailure failure =
                Failures.bare(
                        graph.node(blamed),
                        "graph.DependencyCycleError",
                        "Dependency cycle detected");
        return NodeFailed.cycle(Failures.withOutputs(failure, tracked));
    }

    // What the parts of a run ask for.

    void tell(Event event) {
        job.report().tell(event);
    }

    void started(String id) {
        results.started(id);
        tellProgress(() -> board.started(id));
        tell(new Event.Executing(id, graph.display(id), promptId()));
    }

    void showed(String id, ObjectNode ui) {
        shown.put(id, ui);
        tell(new Event.Executed(promptId(), id, graph.display(id), ui));
    }

    /// A blocker with a message reached a node: clients hear of it, the prompt goes on.
    void blocked(String id, String message) {
        tell(
                new Event.ExecutionError(
                        promptId(),
                        Failures.bare(
                                graph.node(id),
                                "ExecutionBlocked",
                                "Execution Blocked: " + message),
                        List.copyOf(executed),
                        null));
    }

    NodeContext context(String id, int call) {
        return new RunningNode(id, call, job, graph, board, tools);
    }

    NodeInputs inputs(GraphNode node) {
        return inputs(node, this::result);
    }

    private NodeInputs inputs(GraphNode node, Function<String, @Nullable NodeResult> known) {
        return NodeInputs.gather(
                node,
                host.definition(node.classType()),
                known,
                new NodeInputs.Surroundings(prompt, job.body().extraData(), graph.view()));
    }

    @Nullable NodeResult result(String id) {
        return results.get(id);
    }

    private boolean isCached(String id) {
        return result(id) != null;
    }

    /// The nodes whose results are kept track of, as clients hear of them when a node fails.
    Set<String> currentOutputs() {
        return tracked;
    }

    ObjectNode about(String id) {
        return Json.object()
                .put("node_id", id)
                .put("display_node", graph.display(id))
                .put("parent_node", graph.parent(id))
                .put("real_node_id", graph.real(id));
    }

    private NodeDefinition definition(String id) {
        return host.definition(graph.node(id).classType());
    }

    @Override
    public boolean isOutput(String id) {
        return definition(id).is(Trait.OUTPUT_NODE);
    }

    @Override
    public boolean isAsync(String id) {
        return host.isAsynchronous(graph.node(id).classType());
    }

    @Override
    public boolean isLazy(String id, String input) {
        InputSpec spec = definition(id).input(input);
        return spec != null && spec.isLazy();
    }

    @Override
    public String identity(GraphNode node) {
        return shares ? models.of(node, host.definition(node.classType())) : "";
    }

    @Override
    public boolean dependsOnId(GraphNode node) {
        NodeDefinition definition = host.definition(node.classType());
        return definition.is(Trait.NOT_IDEMPOTENT) || definition.wants(Hidden.UNIQUE_ID);
    }

    /// Computed once and written into the prompt, as ComfyUI does: the `prompt` text of pictures shows it.
    @Override
    public JsonNode changeMark(GraphNode node) {
        if (!host.marksChanges(node.classType())) {
            return com.fasterxml.jackson.databind.node.BooleanNode.FALSE;
        }
        JsonNode known = prompt.path(node.id()).path("is_changed");
        if (!known.isMissingNode()) {
            return known;
        }
        JsonNode mark = computeMark(node);
        if (prompt.get(node.id()) instanceof ObjectNode written) {
            written.set("is_changed", mark);
        }
        return mark;
    }

    private JsonNode computeMark(GraphNode node) {
        ArrayNode marks = Json.mapper().createArrayNode();
        try {
            NodeInputs literals = inputs(node, id -> null);
            for (Map<String, Value> call : literals.calls(host.definition(node.classType()))) {
                marks.add(
                        host.changeMark(node.classType(), new Inputs(call), context(node.id(), 0)));
            }
            return marks;
        } catch (RunStopped e) {
            throw e;
        } catch (Exception | LinkageError e) {
            LOG.warn("the change mark of node {} ({})", node.id(), node.classType(), e);
            return DoubleNode.valueOf(Double.NaN);
        }
    }
}
