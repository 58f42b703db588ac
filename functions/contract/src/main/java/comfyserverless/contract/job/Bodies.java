package comfyserverless.contract.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.blob.Blobs;
import comfyserverless.contract.table.Digests;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The prompts of jobs: `B#{tenant}#{promptId}` / name, where each acceptance has a name of its own, so
/// that what one job no longer needs can go without a look at others.
final class Bodies {
    private static final int DIGEST_DIGITS = 16;
    private static final String CREATED = "created";
    private static final String PROMPT = "prompt";
    private static final String EXTRA_DATA = "extra_data";
    private static final String OUTPUTS = "outputs_to_execute";

    private final Table table;
    private final StoredJson stored;
    private final Supplier<String> ids;

    Bodies(Table table, Blobs blobs, Supplier<String> ids) {
        this.table = table;
        this.stored = new StoredJson(blobs);
        this.ids = ids;
    }

    static Key key(JobKey job, String name) {
        return new Key("B#" + job.tenant() + "#" + job.promptId(), name);
    }

    /// The item of a body under a name of its own, to be written; what is too large for it lies in the
    /// object store already.
    Item item(JobKey job, PromptBody body, Instant created) {
        byte[] gzip = StoredJson.gzip(json(body));
        String name = Digests.hex(gzip).substring(0, DIGEST_DIGITS) + "-" + ids.get();
        return stored.store(
                Item.of(key(job, name)).with(CREATED, created.toEpochMilli()),
                gzip,
                JobSettings.INLINE_BODY,
                ObjectKeys.body(job, name));
    }

    /// Removes what [#item] left elsewhere, where the item was not written.
    void forget(Item item) {
        stored.deleteObjects(item);
    }

    PromptBody load(JobKey job, String name) {
        Key key = key(job, name);
        return table.get(key)
                .map(item -> body(stored.load(item)))
                .orElseThrow(() -> new IllegalStateException("the prompt " + key + " is gone"));
    }

    /// The bodies of many jobs at once; one that was deleted meanwhile is left out.
    Map<Key, Stored> loadAll(List<Key> keys) {
        return table.getAll(keys).values().stream()
                .collect(Collectors.toMap(Item::key, this::read));
    }

    /// A body and when its job was accepted.
    record Stored(PromptBody body, Instant created) {}

    /// The body that an item holds or names.
    Stored read(Item item) {
        return new Stored(body(stored.load(item)), Instant.ofEpochMilli(item.wholeOr(CREATED, 0)));
    }

    /// Removes a body, and the result that lies beside it.
    void delete(JobKey job, String name) {
        Key key = key(job, name);
        table.get(key).ifPresent(stored::deleteObjects);
        table.write(Write.delete(key));
    }

    private static ObjectNode json(PromptBody body) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.set(PROMPT, body.prompt());
        json.set(EXTRA_DATA, body.extraData());
        ArrayNode outputs = json.putArray(OUTPUTS);
        body.outputsToExecute().forEach(outputs::add);
        return json;
    }

    private static PromptBody body(ObjectNode json) {
        List<String> outputs = new ArrayList<>();
        for (JsonNode output : json.withArray(OUTPUTS)) {
            outputs.add(output.asText());
        }
        return new PromptBody(json.withObject(PROMPT), json.withObject(EXTRA_DATA), outputs);
    }
}
