package comfyserverless.contract.job;

import static comfyserverless.contract.table.Condition.any;
import static comfyserverless.contract.table.Condition.below;
import static comfyserverless.contract.table.Condition.lacks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.Meter;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Value;
import comfyserverless.contract.table.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// How jobs ended: beside the prompt in the body's item, so that one item holds an entry of the history.
///
/// It is written before the job's end, under the fence of its run, over that of an earlier run but never of
/// a later one; a reader takes it only where the fence is the job's. So what a runner without the job
/// writes is never read. Who ends a job in its runner's stead writes it with the end, under the fence that the job
/// then has, so that this runner's own can neither take its place before nor after.
final class Summaries {
    private static final String FENCE = "resultOf";
    private static final String INLINE = "result";
    private static final String END = "end";
    private static final String OUTPUTS = "outputs";
    private static final String MESSAGES = "messages";
    private static final String META = "meta";
    private static final String CREATED = "created";
    private static final String STARTED = "started";
    private static final String ENDED = "ended";
    private static final String GPU = "gpu";

    private final Table table;
    private final Blobs blobs;
    private final StoredJson stored;
    private final Supplier<String> operations;

    /// @param operations fresh operation ids
    Summaries(Table table, Blobs blobs, Supplier<String> operations) {
        this.table = table;
        this.blobs = blobs;
        this.stored = new StoredJson(blobs);
        this.operations = operations;
    }

    /// A summary as it is read.
    record Summary(
            JobResult result, Instant created, Instant started, Instant ended, Duration gpu) {}

    private static byte[] gzip(Claim claim, JobResult result, Instant ended, Duration gpu) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(END, result.end().name());
        json.set(OUTPUTS, result.outputs());
        json.set(MESSAGES, result.messages());
        json.set(META, result.meta());
        json.put(CREATED, claim.origin().created().toEpochMilli());
        json.put(STARTED, claim.at().toEpochMilli());
        json.put(ENDED, ended.toEpochMilli());
        json.put(GPU, gpu.toMillis());
        return StoredJson.gzip(json);
    }

    /// The end of a run, before it ends.
    void store(Claim claim, JobResult result, Instant ended) {
        byte[] gzip = gzip(claim, result, ended, Meter.run(claim.at(), ended));
        List<Change> changes = new ArrayList<>(List.of(Change.set(FENCE, claim.fence())));
        String object = ObjectKeys.summary(claim.key(), claim.origin().body(), claim.fence());
        boolean inline = gzip.length <= JobSettings.INLINE_SUMMARY;
        if (inline) {
            changes.add(new Change.Set(INLINE, Value.of(gzip)));
        } else {
            blobs.put(object, gzip);
            changes.add(Change.remove(INLINE));
            changes.add(Change.set(elsewhere(claim.fence()), object));
        }
        Condition notLater = any(lacks(FENCE), below(FENCE, claim.fence() + 1));
        Write write =
                Write.update(
                        Bodies.key(claim.key(), claim.origin().body()),
                        Condition.present().and(notLater),
                        operations.get(),
                        changes);
        if (!table.write(write).done() && !inline) {
            blobs.delete(object);
        }
    }

    /// Part of the transaction that ends a job in its runner's stead; nothing where the prompt is gone.
    ///
    /// @param fence the job's after its end
    Optional<Write> instead(
            Claim claim, long fence, JobResult result, Instant ended, Duration gpu) {
        Key key = Bodies.key(claim.key(), claim.origin().body());
        byte[] gzip = gzip(claim, result, ended, gpu);
        return table.get(key)
                .map(_ ->
                        Write.update(
                                key,
                                Condition.present(),
                                operations.get(),
                                List.of(
                                        Change.set(FENCE, fence),
                                        new Change.Set(INLINE, Value.of(gzip)))));
    }

    /// Where a large result of one run is; each run has its attribute, so that none is forgotten when the
    /// item goes.
    private static String elsewhere(long fence) {
        return StoredJson.ELSEWHERE + "of" + fence;
    }

    /// What the item of a body says of the end of this run.
    Optional<Summary> read(Item body, long fence) {
        return body.wholeOr(FENCE, -1) == fence
                ? Optional.of(summary(stored.load(body, INLINE, elsewhere(fence))))
                : Optional.empty();
    }

    private static Summary summary(ObjectNode json) {
        JobResult result =
                new JobResult(
                        JobResult.End.valueOf(json.path(END).asText()),
                        json.withObject(OUTPUTS),
                        json.withArray(MESSAGES),
                        json.withObject(META));
        Instant started = instant(json, STARTED);
        Instant ended = instant(json, ENDED);
        // The last version did not say it.
        Duration gpu =
                json.has(GPU)
                        ? Duration.ofMillis(json.path(GPU).asLong())
                        : Meter.run(started, ended);
        return new Summary(result, instant(json, CREATED), started, ended, gpu);
    }

    private static Instant instant(ObjectNode json, String name) {
        return Instant.ofEpochMilli(json.path(name).asLong());
    }
}
