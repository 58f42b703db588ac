package comfyserverless.runner.recorded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.Sender;
import comfyserverless.contract.event.StatusBudget;
import comfyserverless.contract.fake.CountingIds;
import comfyserverless.contract.fake.InMemoryPorts;
import comfyserverless.contract.fake.RecordingPost;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Enqueued;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.job.HistoryEntry;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.NewJob;
import comfyserverless.contract.job.PromptBody;
import comfyserverless.contract.job.Tickets;
import comfyserverless.contract.job.Turn;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.prompt.NodeValidator;
import comfyserverless.nodeapi.Node;
import comfyserverless.runner.claim.RunnerLoop;
import comfyserverless.runner.claim.RunnerSettings;
import comfyserverless.runner.report.Reports;
import comfyserverless.runner.run.CacheMode;
import comfyserverless.runner.run.Executor;
import comfyserverless.runner.run.HandleStore;
import comfyserverless.runner.run.Mail;
import comfyserverless.runner.run.NodeRegistry;
import comfyserverless.runner.run.SharedResults;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/// One runner over ports in memory, and the client's side of them: connect, submit, read what was posted.
public final class RunnerStage implements AutoCloseable {
    public static final String TENANT = "default";

    /// The setting of API Gateway.
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

    private static final int MAX_MESSAGE = 31 * 1024;

    private final InMemoryPorts ports;
    private final WaitingTickets tickets;
    private final RememberingClaims claims;
    private NodeRegistry nodes;
    private final RunnerSettings settings;
    private Executor.Keeping keeping =
            new Executor.Keeping(new CacheMode.Classic(), SharedResults.none());
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger unloads = new AtomicInteger();
    private final List<RunnerLoop> runners = new ArrayList<>();

    public RunnerStage(List<Node> nodes, Duration lease) {
        this.ports = new InMemoryPorts(Clock.systemUTC(), JobSettings.standard().withLease(lease));
        this.tickets = new WaitingTickets(ports.tickets());
        this.claims = new RememberingClaims(ports.claims());
        this.nodes = new NodeRegistry(nodes);
        this.settings = RunnerSettings.withLease(lease);
    }

    /// Tickets whose receive waits, as SQS's does.
    private static final class WaitingTickets implements Tickets {
        private final Tickets tickets;
        private final LinkedBlockingQueue<Boolean> sent = new LinkedBlockingQueue<>();
        private volatile boolean waiting;

        WaitingTickets(Tickets tickets) {
            this.tickets = tickets;
        }

        @Override
        public void send() {
            tickets.send();
            sent.add(true);
        }

        @Override
        public Optional<Ticket> receive(Duration wait) {
            try {
                waiting = true;
                Boolean news = sent.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
                waiting = false;
                return news == null ? Optional.empty() : tickets.receive(Duration.ZERO);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        @Override
        public void extend(Ticket ticket, Duration visibility) {
            tickets.extend(ticket, visibility);
            if (visibility.isZero()) {
                sent.add(true);
            }
        }

        @Override
        public void delete(Ticket ticket) {
            tickets.delete(ticket);
        }
    }

    /// Runners that start from now on keep results so.
    public RunnerStage keeping(CacheMode mode) {
        keeping = new Executor.Keeping(mode, SharedResults.none());
        return this;
    }

    /// Runners that start from now on share every result, up to so many bytes.
    public RunnerStage sharing(long limit) {
        return sharing(limit, HandleStore.NONE);
    }

    /// The same, with handles that they can write.
    public RunnerStage sharing(long limit, HandleStore handles) {
        SharedResults shared =
                SharedResults.in(ports.results(limit), handles, "1", Duration.ZERO, Runnable::run);
        keeping = new Executor.Keeping(new CacheMode.Classic(), shared);
        return this;
    }

    /// Runners that start from now on have these nodes.
    public RunnerStage having(List<Node> others) {
        return having(others, _ -> Optional.empty());
    }

    /// The same, of which some validate inputs themselves.
    public RunnerStage having(
            List<Node> others, Function<String, Optional<NodeValidator>> validators) {
        nodes = new NodeRegistry(others, validators);
        return this;
    }

    /// What `POST /free` does: asks, and wakes a runner.
    public void free(FreeRequests.Wish wish) {
        ports.ports().freeRequests().ask(TENANT, wish);
        tickets.send();
    }

    /// How often models were unloaded.
    public int unloads() {
        return unloads.get();
    }

    public InMemoryPorts ports() {
        return ports;
    }

    public RunnerLoop startRunner(String own) {
        Sender sender = new Sender(ports.post(), new CountingIds(), MAX_MESSAGE);
        Reports reports =
                new Reports(
                        new Reports.Clients(
                                ports.connections(),
                                ports.eventLog(),
                                ports.ports().missed(),
                                ports.ports().jobLog()),
                        new Reports.Sending(
                                sender,
                                new StatusBudget(StatusBudget.DIRECT, System::nanoTime),
                                MAX_MESSAGE),
                        Clock.systemUTC(),
                        System::nanoTime);
        RunnerLoop runner =
                new RunnerLoop(
                        own,
                        new RunnerLoop.Queue(claims, tickets, ports.jobs()),
                        reports,
                        new Executor(
                                nodes,
                                new Executor.Sources(
                                        ports.files(),
                                        ports.models(),
                                        Mail.of(ports.ports().mailbox(), LONGEST_WAIT)),
                                new Executor.Memory(
                                        ports.ports().freeRequests(), unloads::incrementAndGet),
                                keeping,
                                Clock.systemUTC()),
                        settings,
                        System::nanoTime);
        runners.add(runner);
        Thread.ofVirtual().name("runner-" + own).start(runner);
        return runner;
    }

    /// Opens a socket that was greeted; returns its connection id.
    public String connect(String clientId, ObjectNode features) {
        String id = "connection-" + connections.incrementAndGet();
        Connection connection =
                new Connection(TENANT, clientId, id, Clock.systemUTC().instant(), features, false);
        ports.connections().connected(connection);
        if (!ports.connections().greet(connection)) {
            throw new IllegalStateException("nobody else greets here");
        }
        return id;
    }

    public String connect(String clientId) {
        return connect(clientId, Json.object());
    }

    /// Queues a prompt that is valid, as POST /prompt does; all its output nodes run.
    public JobKey submit(String promptId, ObjectNode request) {
        return submit(promptId, request, List.of());
    }

    /// The same for some output nodes; none are all.
    public JobKey submit(String promptId, ObjectNode request, List<String> targets) {
        ObjectNode prompt = (ObjectNode) request.path("prompt");
        return submitUnchecked(promptId, request, targets.isEmpty() ? outputs(prompt) : targets);
    }

    /// Queues a prompt whose classes nobody looks at.
    public JobKey submitUnchecked(String promptId, ObjectNode request, List<String> targets) {
        JobKey key = new JobKey(TENANT, promptId);
        ObjectNode extra = Json.object();
        if (request.path("extra_data") instanceof ObjectNode given) {
            extra.setAll(given);
        }
        JsonNode clientId = request.path("client_id");
        if (clientId.isTextual()) {
            extra.set("client_id", clientId);
        }
        JsonNode client = extra.path("client_id");
        ObjectNode prompt = (ObjectNode) request.path("prompt");
        Turn turn = ports.jobs().nextTurn(TENANT, true);
        NewJob job =
                new NewJob(
                        key,
                        turn.number(),
                        client.isTextual() ? client.textValue() : null,
                        new PromptBody(prompt, extra, targets),
                        "hash-" + promptId,
                        false,
                        "digest");
        Enqueued outcome = ports.jobs().enqueue(job, turn);
        if (!(outcome instanceof Enqueued.Accepted)) {
            throw new IllegalStateException(promptId + ": " + outcome);
        }
        tickets.send();
        return key;
    }

    private List<String> outputs(ObjectNode prompt) {
        List<String> ids = new ArrayList<>();
        prompt.properties()
                .forEach(e -> {
                    String type = e.getValue().path("class_type").asText();
                    if (nodes.definition(type)
                            .is(comfyserverless.contract.node.Trait.OUTPUT_NODE)) {
                        ids.add(e.getKey());
                    }
                });
        return ids;
    }

    /// What was posted to a connection, binary messages described as the recordings describe them.
    public List<JsonNode> posted(String connectionId) {
        List<JsonNode> messages = new ArrayList<>();
        for (RecordingPost.Sent sent : ports.post().sent()) {
            if (!sent.connectionId().equals(connectionId)) {
                continue;
            }
            messages.add(
                    switch (sent) {
                        case RecordingPost.Sent.Text text -> Json.read(text.json());
                        case RecordingPost.Sent.Binary binary ->
                                BinaryMessages.described(binary.bytes());
                    });
        }
        return messages;
    }

    /// Whether the last message of a prompt has reached the connection.
    public boolean isOver(String connectionId, String promptId) {
        return posted(connectionId).stream().anyMatch(m -> isLast(m, promptId));
    }

    private static boolean isLast(JsonNode message, String promptId) {
        return message.path("type").asText().equals("executing")
                && message.path("data").path("node").isNull()
                && message.path("data").path("prompt_id").asText().equals(promptId);
    }

    /// How many of the messages from one on there are up to the last of a prompt.
    int end(List<JsonNode> messages, int from, String promptId) {
        int at = from;
        while (!isLast(messages.get(at), promptId)) {
            at++;
        }
        return at + 1 - from;
    }

    public Optional<HistoryEntry> history(JobKey key) {
        return ports.jobs().historyOf(key);
    }

    /// Takes the running job away from its runner, as a lost lease does, and deletes it.
    public void takeAway(JobKey key) {
        Claim held = claims.last();
        if (!held.key().equals(key)) {
            throw new IllegalStateException(key + " is not the job that was claimed last");
        }
        ports.claims().giveBack(held);
        ports.jobs().deletePending(key);
    }

    /// The answer to the next call of that kind is lost, though the call does its work.
    public void lose(Loss loss) {
        claims.lose(loss);
    }

    /// Whether the runner waits for a ticket.
    public boolean isIdle() {
        return tickets.waiting;
    }

    @Override
    public void close() {
        runners.forEach(RunnerLoop::close);
    }
}
