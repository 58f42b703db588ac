package comfyserverless.contract.mailbox;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.job.ActiveJob;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Protocol;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.state.TableDefinition;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// [Mailbox] on the table: `M#{tenant}#{promptId}` / `L#{number}` for a job, `M#{tenant}##{class}` for a
/// node class (no prompt id has a `#`). Each partition counts its letters in the item `#`.
///
/// A letter names the acceptance of the job that it is for (its body's name), so that a prompt id that is
/// used again does not find the letters of the last prompt.
public final class TableMailbox implements Mailbox {
    /// A job ends within eleven hours.
    private static final Duration KEPT = Duration.ofHours(12);

    private static final HexFormat HEX = HexFormat.of();
    private static final String LETTER = "L#";
    private static final String COUNTER = "#";
    private static final String LAST = "last";
    private static final String NODE = "node";
    private static final String JSON = "json";
    private static final String ACCEPTED = "body";

    private final Table table;
    private final Jobs jobs;
    private final Clock clock;

    public TableMailbox(Table table, Jobs jobs, Clock clock) {
        this.table = table;
        this.jobs = jobs;
        this.clock = clock;
    }

    private static String box(JobKey job) {
        return "M#" + job.tenant() + "#" + job.promptId();
    }

    private static String box(String tenant, String className) {
        return "M#" + tenant + "##" + className;
    }

    @Override
    public int send(String tenant, Letter letter) {
        byte[] json = Json.writeBytes(letter.content());
        if (json.length > LARGEST) {
            throw new LetterTooLarge(json.length);
        }
        return switch (letter.to()) {
            case Letter.Address.Node node -> send(tenant, node, json);
            case Letter.Address.NodeClass(String name) -> sendToClass(tenant, name, json);
        };
    }

    private int send(String tenant, Letter.Address.Node to, byte[] json) {
        List<ActiveJob> receivers =
                active(tenant, to.promptId()).stream()
                        .filter(job -> hasNode(job.prompt(), to.nodeId()))
                        .filter(job ->
                                to.clientId() == null
                                        || Objects.equals(job.clientId(), to.clientId()))
                        .toList();
        for (ActiveJob job : receivers) {
            put(box(job.key()), job.accepted(), to.nodeId(), json, KEPT);
        }
        return receivers.size();
    }

    private List<ActiveJob> active(String tenant, @Nullable String promptId) {
        return promptId == null
                ? jobs.runningGraphs(tenant)
                : jobs.activeGraph(new JobKey(tenant, promptId)).stream().toList();
    }

    /// Also for the nodes that a node expands into: `5.0.0.1` belongs to node 5.
    private static boolean hasNode(ObjectNode prompt, String nodeId) {
        int dot = nodeId.indexOf('.');
        return prompt.has(nodeId) || (dot > 0 && prompt.has(nodeId.substring(0, dot)));
    }

    private int sendToClass(String tenant, String className, byte[] json) {
        put(box(tenant, className), null, null, json, CLASS_WAITS);
        return (int)
                jobs.runningGraphs(tenant).stream()
                        .filter(job -> hasClass(job.prompt(), className))
                        .count();
    }

    private static boolean hasClass(ObjectNode prompt, String className) {
        return prompt.properties().stream()
                .anyMatch(node -> node.getValue().path("class_type").asText().equals(className));
    }

    private void put(
            String box,
            @Nullable String accepted,
            @Nullable String node,
            byte[] json,
            Duration kept) {
        table.write(Write.put(letter(box, accepted, node, json, kept)));
    }

    private Item letter(
            String box,
            @Nullable String accepted,
            @Nullable String node,
            byte[] json,
            Duration kept) {
        Key key = new Key(box, LETTER + HEX.toHexDigits(nextNumber(box)));
        return Item.of(key)
                .with(JSON, Value.of(json))
                .withOptional(ACCEPTED, accepted)
                .withOptional(NODE, node)
                .expiring(clock.instant().plus(kept));
    }

    /// The counter outlives every letter that it numbered.
    private long nextNumber(String box) {
        Instant end = clock.instant().plus(KEPT);
        Write count =
                Write.update(
                        new Key(box, COUNTER),
                        Change.add(LAST, 1),
                        Change.set(TableDefinition.EXPIRY, end.getEpochSecond()));
        return switch (table.write(count)) {
            case Outcome.Done done -> done.written().whole(LAST);
            case Outcome.Refused refused ->
                    throw new IllegalStateException("counting in " + box + " was refused");
        };
    }

    @Override
    public List<Received> read(Claim claim, long after) {
        Query query =
                Query.of(box(claim.key()), Index.MAIN)
                        .above(LETTER + HEX.toHexDigits(after))
                        .where(Condition.is(ACCEPTED, claim.origin().body()));
        return table.all(query).stream()
                .map(item ->
                        new Received(
                                number(item), item.text(NODE), Json.readStored(item.bytes(JSON))))
                .toList();
    }

    private static long number(Item letter) {
        return HexFormat.fromHexDigitsToLong(letter.key().sort().substring(LETTER.length()));
    }

    @Override
    public boolean take(Claim claim, String className, String nodeId) {
        Query waiting =
                Query.of(box(claim.key().tenant(), className), Index.MAIN).beginningWith(LETTER);
        List<Item> oldest = table.first(waiting, 1);
        if (oldest.isEmpty()) {
            return false;
        }
        Item found = oldest.getFirst();
        Item moved =
                letter(box(claim.key()), claim.origin().body(), nodeId, found.bytes(JSON), KEPT);
        return table.transact(
                List.of(
                        Protocol.check(claim),
                        Write.delete(found.key(), Condition.present()),
                        Write.put(moved)));
    }
}
