package comfyserverless.contract.skew;

import static comfyserverless.contract.node.InputSpec.choice;
import static comfyserverless.contract.node.InputSpec.integer;
import static comfyserverless.contract.node.InputSpec.link;
import static comfyserverless.contract.node.InputSpec.modelFile;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.Ports;
import comfyserverless.contract.catalogue.Runners;
import comfyserverless.contract.event.Connection;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.fake.InMemoryBlobs;
import comfyserverless.contract.fake.InMemoryTable;
import comfyserverless.contract.fake.InMemoryTickets;
import comfyserverless.contract.fake.ManualClock;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.file.StoredFile;
import comfyserverless.contract.file.Uploads;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.FreeRequests;
import comfyserverless.contract.job.HeldJobs;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Pulse;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.mailbox.Letter;
import comfyserverless.contract.model.ModelIndex;
import comfyserverless.contract.model.StoredModel;
import comfyserverless.contract.model.TableModelIndex;
import comfyserverless.contract.node.Catalogue;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.table.RecentItems;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// The way of three jobs in turns, each of functions or of a runner alone: one runs to its end, one is
/// stopped, one is taken back. Between two turns lies all that one side has to understand of the other.
final class Scenario {
    static final int TURNS = 6;

    private static final String TENANT = "team";
    private static final String CLIENT = "page";
    private static final String RUNNER = "runner-1";
    private static final JobKey FIRST = new JobKey(TENANT, "first");
    private static final JobKey SECOND = new JobKey(TENANT, "second");
    private static final JobKey THIRD = new JobKey(TENANT, "third");
    private static final FileRef INPUT = new FileRef(FileType.INPUT, "clips", "in.png");
    private static final FileRef OUTPUT = new FileRef(FileType.OUTPUT, "", "out_00001_.png");
    private static final int IDS_A_TURN = 1000;

    private final Path folder;
    private final ManualClock clock = new ManualClock();
    private final InMemoryTable table = new InMemoryTable(clock);
    private final InMemoryBlobs blobs = new InMemoryBlobs();
    private final AtomicLong ids = new AtomicLong();
    private final Ports ports;
    private int turn;

    /// @param folder for what a job makes before it is stored
    Scenario(Path folder) {
        this.folder = folder;
        this.ports =
                new Ports(
                        new Ports.Stores(table, blobs, new InMemoryTickets(clock)),
                        JobSettings.standard(),
                        new Ports.Chance(clock, this::id, round -> {}));
    }

    /// Goes on from what lay there after so many turns.
    Scenario(Path folder, int turns, Snapshot after) {
        this(folder);
        turn = turns;
        clock.advance(Duration.ofSeconds(turns));
        ids.set((long) turns * IDS_A_TURN);
        after.restore(table, blobs);
    }

    private String id() {
        return "id-" + ids.incrementAndGet();
    }

    Scenario runTo(int last) {
        while (turn < last) {
            turn++;
            clock.advance(Duration.ofSeconds(1));
            ids.set((long) turn * IDS_A_TURN);
            switch (turn) {
                case 1 -> functionsQueue();
                case 2 -> runnerBegins();
                case 3 -> functionsLookAndChange();
                case 4 -> runnerEndsTheFirst();
                case 5 -> functionsStopTheSecond();
                default -> runnerHearsOfIt();
            }
        }
        return this;
    }

    /// What the clock shows.
    Instant now() {
        return clock.instant();
    }

    Snapshot snapshot() {
        return Snapshot.of(table, blobs);
    }

    private ModelIndex models() {
        return new TableModelIndex(table, blobs, new RecentItems(table, clock), this::id);
    }

    private void functionsQueue() {
        Connection socket =
                new Connection(TENANT, CLIENT, "socket-1", clock.instant(), Json.object(), false);
        ports.connections().connected(socket);
        ports.connections().announce(socket, Json.object().put("supports_preview_metadata", true));
        ports.connections().greet(socket);
        ports.files().put(TENANT, INPUT, "pixels".getBytes(StandardCharsets.UTF_8));
        ports.jobs().enqueue(SampleJobs.job(FIRST, 1, CLIENT), ports.jobs().nextTurn(TENANT, true));
        ports.jobs().enqueue(SampleJobs.job(SECOND, 2));
        ports.jobs().enqueue(SampleJobs.job(THIRD, 3));
        models().put(ModelIndex.SHARED, model("sd.safetensors"), List::of);
        ports.mailbox().send(TENANT, Letter.toNode("1", text("yes")).inPrompt("first"));
        ports.mailbox().send(TENANT, Letter.toClass("AskThePage", text("no")));
        ports.freeRequests().ask(TENANT, new FreeRequests.Wish(true, true));
        ports.uploads().open(new Uploads.Owner(TENANT, "default"), 5, "5ba9".repeat(16));
        ports.tickets().send();
    }

    private static ObjectNode text(String word) {
        return Json.object().put("word", word);
    }

    private StoredModel model(String name) {
        return new StoredModel("checkpoints", name, 5, clock.instant(), "tag", "5ba9");
    }

    private static Catalogue catalogue() {
        return Catalogue.of(
                List.of(
                        NodeDefinition.of("Loader", "nodes")
                                .required("ckpt_name", modelFile("checkpoints"))
                                .output("MODEL")
                                .build(),
                        NodeDefinition.of("PreviewAny", "nodes")
                                .required("source", link("*"))
                                .optional("steps", integer(20).between(1, 100))
                                .optional("method", choice("a", "b"))
                                .outputNode()
                                .build()));
    }

    private void runnerBegins() {
        Catalogue catalogue = catalogue();
        ports.catalogues().publish(catalogue.digest(), catalogue.gzip());
        Runners.Device device = new Runners.Device("cuda:0", "cuda", 0, 80, 70, 60, 50);
        ports.runners()
                .report(
                        new Runners.Report(
                                RUNNER,
                                clock.instant(),
                                catalogue.digest(),
                                "2.7.1",
                                64,
                                32,
                                List.of(device)));
        Claim claim = ports.claims().claim(RUNNER).orElseThrow();
        require(claim.key().equals(FIRST), "the first job is taken first");
        require(ports.claims().start(claim), "the claimed job may start");
        require(
                ports.claims().body(claim).outputsToExecute().equals(List.of("1")),
                "the prompt is found");
        ports.mailbox().take(claim, "AskThePage", "8");
        log(claim, 0, "execution_start");
        log(claim, 1, "executed");
        ports.files().nextCounter(TENANT, FileType.OUTPUT, "", "out");
        require(ports.files().putOutput(claim, OUTPUT, file()).isPresent(), "a file is stored");
        FileRef preview = new FileRef(FileType.TEMP, "", "preview.png");
        require(ports.files().putOutput(claim, preview, file()).isPresent(), "a preview is stored");
        ports.jobLog().append(TENANT, List.of(new JobLog.Line(clock.instant(), "got prompt")));
    }

    private void log(Claim claim, long seq, String type) {
        String json = "{\"type\":\"" + type + "\",\"data\":{\"prompt_id\":\"first\"}}";
        ports.eventLog()
                .append(claim.key(), claim.fence(), List.of(new EventLog.Logged(seq, json)));
    }

    private Path file() {
        try {
            return Files.writeString(folder.resolve("out.png"), "picture");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void functionsLookAndChange() {
        Connection again =
                new Connection(TENANT, CLIENT, "socket-2", clock.instant(), Json.object(), false);
        ports.connections().connected(again);
        ports.connections().greet(again, List.of(new Connection.Resumed("first", 1, 1)));
        require(ports.jobs().deletePending(THIRD), "a waiting job is taken back");
    }

    private Claim held(JobKey key) {
        return HeldJobs.of(table, TENANT).stream()
                .filter(claim -> claim.key().equals(key))
                .findFirst()
                .orElseThrow();
    }

    private void runnerEndsTheFirst() {
        Claim first = held(FIRST);
        require(isHeld(first, false), "the lease is renewed");
        ports.missed().add(TENANT, CLIENT, "first");
        require(
                ports.claims().finish(first, SampleJobs.result(JobResult.End.SUCCESS)),
                "the first job ends");
        Claim second = ports.claims().claim(RUNNER).orElseThrow();
        require(second.key().equals(SECOND), "the second job is taken next");
        require(ports.claims().start(second), "the second job may start");
    }

    private boolean isHeld(Claim claim, boolean cancelled) {
        return ports.claims().heartbeat(claim).equals(new Pulse.Held(cancelled));
    }

    private void functionsStopTheSecond() {
        require(ports.jobs().interrupt(SECOND), "a running job is asked to stop");
    }

    private void runnerHearsOfIt() {
        Claim second = held(SECOND);
        require(isHeld(second, true), "the runner hears that it is to stop");
        require(
                ports.claims().finish(second, SampleJobs.result(JobResult.End.INTERRUPTED)),
                "the second job ends");
        require(ports.claims().claim(RUNNER).isEmpty(), "no job is left");
    }

    private static void require(boolean holds, String expected) {
        if (!holds) {
            throw new AssertionError("not so: " + expected);
        }
    }

    /// All that both sides read of what lies there, a line each, with fresh ids made equal.
    List<String> view() {
        List<String> lines = new ArrayList<>();
        lines.add("queue " + ports.jobs().queue(TENANT));
        lines.add("remaining " + ports.jobs().queueRemaining(TENANT));
        lines.add("graphs " + ports.jobs().runningGraphs(TENANT));
        lines.add("history " + ports.jobs().history(TENANT, 10, -1));
        for (JobKey job : List.of(FIRST, SECOND, THIRD)) {
            lines.add("status of " + job + " " + ports.jobs().status(job));
            lines.add("told of " + job + " " + ports.eventLog().lastRun(job));
        }
        for (Claim claim : HeldJobs.of(table, TENANT)) {
            lines.add("held " + claim);
            lines.add("prompt " + ports.claims().body(claim));
            lines.add("letters " + ports.mailbox().read(claim, 0));
        }
        for (FileType type : FileType.values()) {
            ports.files().list(TENANT, type).forEach(file -> lines.add("file " + file + of(file)));
        }
        lines.add("socket " + ports.connections().find(TENANT, CLIENT));
        lines.add("missed " + ports.missed().of(TENANT, CLIENT));
        lines.add("log " + ports.jobLog().newest(TENANT));
        lines.add("free " + ports.freeRequests().asked(TENANT));
        lines.add("models " + models().files(ModelIndex.SHARED));
        lines.add("runners " + ports.runners().known());
        ports.catalogues()
                .currentDigest()
                .flatMap(ports.catalogues()::load)
                .map(Catalogue::read)
                .ifPresent(read -> lines.add("nodes " + read.objectInfo(FolderLists.empty())));
        return lines.stream().map(Stored::plain).toList();
    }

    private String of(StoredFile file) {
        try (InputStream in = ports.files().read(TENANT, file, 0)) {
            return " " + new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
