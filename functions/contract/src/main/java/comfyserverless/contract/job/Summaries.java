package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Query;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Instant;

/// How jobs ended: `D#{tenant}#{promptId}` / `{fence}`, written before the job's end under the fence
/// of its run, so that what a runner without the job writes is never read.
final class Summaries {
    private static final String END = "end";
    private static final String OUTPUTS = "outputs";
    private static final String MESSAGES = "messages";
    private static final String META = "meta";
    private static final String CREATED = "created";
    private static final String STARTED = "started";
    private static final String ENDED = "ended";

    private final Table table;
    private final StoredJson stored;

    Summaries(Table table, Blobs blobs) {
        this.table = table;
        this.stored = new StoredJson(blobs);
    }

    /// A summary as it is read.
    record Summary(JobResult result, Instant created, Instant started, Instant ended) {}

    static Key key(JobKey job, long fence) {
        return new Key(partition(job), QueueOrder.count(fence));
    }

    private static String partition(JobKey job) {
        return "D#" + job.tenant() + "#" + job.promptId();
    }

    void store(Claim claim, JobResult result, Instant ended) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put(END, result.end().name());
        json.set(OUTPUTS, result.outputs());
        json.set(MESSAGES, result.messages());
        json.set(META, result.meta());
        json.put(CREATED, claim.origin().created().toEpochMilli());
        json.put(STARTED, claim.at().toEpochMilli());
        json.put(ENDED, ended.toEpochMilli());
        Item item =
                stored.store(
                        Item.of(key(claim.key(), claim.fence())),
                        StoredJson.gzip(json),
                        JobSettings.INLINE_SUMMARY,
                        ObjectKeys.summary(claim.key(), claim.fence()));
        table.write(Write.put(item));
    }

    /// The summary that an item holds or names.
    Summary read(Item item) {
        return summary(stored.load(item));
    }

    /// Removes the summary of one run.
    void delete(JobKey job, long fence) {
        Key key = key(job, fence);
        table.get(key).ifPresent(stored::deleteObject);
        table.write(Write.delete(key));
    }

    /// Removes every run's summary of the job.
    void delete(JobKey job) {
        for (Item item : table.all(Query.of(partition(job), Index.MAIN))) {
            stored.deleteObject(item);
            table.write(Write.delete(item.key()));
        }
    }

    private static Summary summary(ObjectNode json) {
        JobResult result =
                new JobResult(
                        JobResult.End.valueOf(json.path(END).asText()),
                        json.withObject(OUTPUTS),
                        json.withArray(MESSAGES),
                        json.withObject(META));
        return new Summary(
                result, instant(json, CREATED), instant(json, STARTED), instant(json, ENDED));
    }

    private static Instant instant(ObjectNode json, String name) {
        return Instant.ofEpochMilli(json.path(name).asLong());
    }
}
