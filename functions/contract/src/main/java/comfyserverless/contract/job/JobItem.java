package comfyserverless.contract.job;

import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A job as it lies in the table: `Q#{tenant}` / `J#{promptId}`, at most 900 bytes.
///
/// @param fence rises at every claim, return to the queue and reuse of the id; never repeats
/// @param tries how many leases of it were lost
public record JobItem(
        JobKey key,
        JobState state,
        double number,
        long fence,
        int tries,
        @Nullable String clientId,
        Origin origin) {
    static final String STATE = "st";
    static final String NUMBER = "number";
    static final String SEQ = "seq";
    static final String FENCE = "fence";
    static final String TRIES = "tries";
    static final String OWN = "own";
    static final String LEASE = "lease";
    static final String CLAIMED = "claimed";
    static final String STARTED = "started";
    static final String CANCEL = "cancel";
    static final String CLIENT = "clientId";
    static final String BODY = "body";
    static final String REQUEST = "hash";
    static final String DIGEST = "digest";
    static final String CREATED = "created";
    static final String SWEPT = "swept";
    static final String HOOK = "hook";
    static final String TRACE = "trace";

    private static final String SORT_PREFIX = "J#";

    static String partition(String tenant) {
        return "Q#" + tenant;
    }

    static Key key(JobKey key) {
        return new Key(partition(key.tenant()), SORT_PREFIX + key.promptId());
    }

    static boolean isJob(Item item) {
        return item.key().partition().startsWith("Q#") && item.key().sort().startsWith(SORT_PREFIX);
    }

    /// The job that an item of the table or of one of its indexes belongs to.
    static JobKey jobKey(Item item) {
        return new JobKey(
                item.key().partition().substring("Q#".length()),
                item.key().sort().substring(SORT_PREFIX.length()));
    }

    /// The mark of a webhook on an item that may not be there.
    static @Nullable String hook(@Nullable Item item) {
        return item == null ? null : item.textOrNull(HOOK);
    }

    static JobItem of(Item item) {
        return new JobItem(
                jobKey(item),
                state(item),
                Double.parseDouble(item.text(NUMBER)),
                item.whole(FENCE),
                (int) item.wholeOr(TRIES, 0),
                item.textOrNull(CLIENT),
                new Origin(
                        item.whole(SEQ),
                        item.text(BODY),
                        item.text(REQUEST),
                        item.text(DIGEST),
                        Instant.ofEpochMilli(item.whole(CREATED)),
                        item.textOrNull(HOOK),
                        item.textOrNull(TRACE)));
    }

    private static JobState state(Item item) {
        String letter = item.text(STATE);
        return switch (letter) {
            case "P" -> new JobState.Pending();
            case "R" ->
                    new JobState.Running(
                            item.text(OWN),
                            Instant.ofEpochMilli(item.whole(CLAIMED)),
                            Instant.ofEpochMilli(item.whole(LEASE)),
                            item.has(STARTED) ? Instant.ofEpochMilli(item.whole(STARTED)) : null,
                            item.has(CANCEL));
            case "S" -> new JobState.Done();
            case "E" -> new JobState.Failed();
            case "I" -> new JobState.Interrupted();
            case "D" -> new JobState.Deleted();
            default ->
                    throw new IllegalStateException(
                            "job item " + item.key() + " has the unknown state " + letter);
        };
    }

    /// The hold that this runner has on it; empty if it has none.
    Optional<Claim> claimOf(String own) {
        return state instanceof JobState.Running running && running.own().equals(own)
                ? Optional.of(claim(running))
                : Optional.empty();
    }

    /// The hold that its runner has on it.
    Claim claim(JobState.Running running) {
        return new Claim(key, number, fence, running.own(), clientId, running.claimed(), origin);
    }
}
