package comfyserverless.contract.job;

import static comfyserverless.contract.table.Change.remove;
import static comfyserverless.contract.table.Change.set;
import static comfyserverless.contract.table.Condition.above;
import static comfyserverless.contract.table.Condition.absent;
import static comfyserverless.contract.table.Condition.below;
import static comfyserverless.contract.table.Condition.has;
import static comfyserverless.contract.table.Condition.is;
import static comfyserverless.contract.table.Condition.lacks;

import comfyserverless.contract.state.TableDefinition;
import comfyserverless.contract.table.Change;
import comfyserverless.contract.table.Condition;
import comfyserverless.contract.table.Index;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Every legal change of a job as one conditional write of its one item: command in, write out, no
/// I/O. The sparse keys follow the state in each of them: `pos` while pending, `run` while running,
/// `his` once ended.
///
/// A claim's writes hold only while the item is running with the claim's fence and owner
/// ([#held]); the fence moves on whenever a job leaves a runner's hands other than by the run's own end.
public final class Protocol {
    private static final String POS = Index.POS.attribute();
    private static final String RUN = Index.RUN.attribute();
    private static final String HIS = Index.HIS.attribute();
    private static final String CLI = Index.CLI.attribute();
    private static final String DUE = Index.DUE.attribute();

    private final JobSettings settings;
    private final Supplier<String> operations;

    /// @param operations fresh operation ids
    public Protocol(JobSettings settings, Supplier<String> operations) {
        this.settings = settings;
        this.operations = operations;
    }

    /// A job of this id may not exist yet.
    Write.Put enqueue(JobItem job) {
        return Write.put(pending(job), absent(), operations.get());
    }

    /// Reuse of the id of a job that ended (or whose item should be gone): the fence goes on rising.
    Write.Put replace(JobItem ended, JobItem job) {
        Item item = pending(job).with(JobItem.FENCE, ended.fence() + 1);
        return Write.put(
                item,
                is(JobItem.STATE, ended.state().letter()).and(is(JobItem.FENCE, ended.fence())),
                operations.get());
    }

    private static Item pending(JobItem job) {
        Item item =
                Item.of(JobItem.key(job.key()))
                        .with(JobItem.STATE, JobState.Pending.LETTER)
                        .with(JobItem.NUMBER, Double.toString(job.number()))
                        .with(JobItem.SEQ, job.origin().seq())
                        .with(JobItem.FENCE, job.fence())
                        .with(JobItem.TRIES, job.tries())
                        .with(JobItem.BODY, job.origin().body())
                        .with(JobItem.REQUEST, job.origin().requestHash())
                        .with(JobItem.DIGEST, job.origin().catalogueDigest())
                        .with(JobItem.CREATED, job.origin().created().toEpochMilli())
                        .withOptional(JobItem.HOOK, job.origin().hook())
                        .withOptional(JobItem.TRACE, job.origin().trace())
                        .with(POS, QueueOrder.position(job.number(), job.key().promptId()));
        if (job.clientId() == null) {
            return item;
        }
        return item.with(JobItem.CLIENT, job.clientId())
                .with(CLI, Clients.sortKey(job.clientId(), job.origin().seq()));
    }

    /// Pending → running, if nothing happened to the job since it was seen.
    Write claim(Candidate seen, String own, Instant now) {
        JobState.Running running = new JobState.Pending().claimedBy(own, now, settings.lease());
        List<Change> changes = entering(running, seen.key().promptId());
        changes.add(set(JobItem.FENCE, seen.fence() + 1));
        return update(
                seen.key(),
                is(JobItem.STATE, JobState.Pending.LETTER).and(is(JobItem.FENCE, seen.fence())),
                changes);
    }

    /// From now on the job counts as started and can no longer be cleared away.
    Write start(Claim claim, Instant now) {
        return update(claim.key(), held(claim), set(JobItem.STARTED, now.toEpochMilli()));
    }

    /// Running → deleted: it was cleared between its acceptance and its start.
    Write cleared(Claim claim, Instant now) {
        List<Change> changes = entering(new JobState.Deleted(), now);
        changes.add(set(JobItem.SWEPT, 1));
        addDue(changes, claim.origin().hook(), now);
        return update(claim.key(), held(claim).and(lacks(JobItem.STARTED)), changes);
    }

    Write heartbeat(Claim claim, Instant now) {
        long leaseEnd = now.plus(settings.lease()).toEpochMilli();
        return update(claim.key(), held(claim), set(JobItem.LEASE, leaseEnd));
    }

    /// Running → ended, with its place in the history.
    Write finish(Claim claim, JobResult.End end, long history, Instant now) {
        return update(claim.key(), held(claim), ending(claim, end, history, now));
    }

    /// Running → pending at its old place; not if a stop was asked for meanwhile.
    ///
    /// @param seq a new order of acceptance for a job that had started, since a clear in the meantime
    ///     was not meant for it; else its old one
    Write giveBack(Claim claim, JobState.Running seen, long seq) {
        return update(
                claim.key(),
                held(claim).and(lacks(JobItem.CANCEL)),
                entering(seen.backInQueue(), claim, seq));
    }

    /// As [#giveBack], because the lease was lost; not if it was renewed meanwhile.
    Write requeue(Claim claim, JobState.Running seen, long seq, int tries) {
        List<Change> changes = entering(seen.backInQueue(), claim, seq);
        changes.add(set(JobItem.TRIES, tries));
        return update(claim.key(), lost(claim, seen).and(lacks(JobItem.CANCEL)), changes);
    }

    /// Running → ended by the reconciler, because the lease was lost for good or a stop was asked for. The fence
    /// moves on, as in [#endGivenBack].
    Write endLost(Claim claim, JobState.Running seen, Ending ending) {
        return update(claim.key(), lost(claim, seen), endingInstead(claim, ending));
    }

    /// Running → ended by a runner that gives it back, because a stop was asked for. The fence moves on, so that
    /// what the run itself says of its end is not read for this one.
    Write endGivenBack(Claim claim, Ending ending) {
        return update(claim.key(), held(claim), endingInstead(claim, ending));
    }

    private static List<Change> endingInstead(Claim claim, Ending ending) {
        List<Change> changes = ending(claim, ending.end(), ending.history(), ending.now());
        changes.add(set(JobItem.FENCE, claim.fence() + 1));
        return changes;
    }

    /// How and when a job ends, and its place in the history.
    record Ending(JobResult.End end, long history, Instant now) {}

    /// Pending → deleted.
    ///
    /// @param hook the job's webhook as far as it is known: one that bears another mark is left as it is
    Write delete(JobKey key, @Nullable String hook, Instant now) {
        List<Change> changes = entering(new JobState.Pending().deleted(), now);
        addDue(changes, hook, now);
        return update(key, is(JobItem.STATE, JobState.Pending.LETTER).and(bears(hook)), changes);
    }

    /// Pending → deleted for a job that a clear had taken out already; nobody is told again.
    ///
    /// @param hook as for [#delete]
    Write sweep(Candidate cleared, @Nullable String hook, Instant now) {
        List<Change> changes = entering(new JobState.Pending().deleted(), now);
        changes.add(set(JobItem.SWEPT, 1));
        addDue(changes, hook, now);
        return update(
                cleared.key(),
                Condition.all(
                        is(JobItem.STATE, JobState.Pending.LETTER),
                        is(JobItem.SEQ, cleared.seq()),
                        bears(hook)),
                changes);
    }

    /// The webhook of an ended job was handed over.
    Write handedOver(JobKey key, String due) {
        return update(key, is(DUE, due), remove(DUE));
    }

    private static Condition bears(@Nullable String hook) {
        return hook == null ? lacks(JobItem.HOOK) : is(JobItem.HOOK, hook);
    }

    /// In the same write as the end, so that no crash comes in between.
    private static void addDue(List<Change> changes, @Nullable String hook, Instant now) {
        if (hook != null) {
            changes.add(set(DUE, QueueOrder.count(now.toEpochMilli())));
        }
    }

    private static List<Change> ending(Claim claim, JobResult.End end, long history, Instant now) {
        List<Change> changes = entering(JobState.Ended.of(end), history);
        addDue(changes, claim.origin().hook(), now);
        return changes;
    }

    /// Asks a running job to stop.
    Write interrupt(JobKey key) {
        return update(key, is(JobItem.STATE, JobState.Running.LETTER), set(JobItem.CANCEL, 1));
    }

    /// Takes an ended job out of the history; its id stays known for a while.
    Write forget(JobKey key, Instant now) {
        return update(
                key,
                has(HIS),
                remove(HIS),
                remove(CLI),
                set(TableDefinition.EXPIRY, now.plus(settings.tombstone()).getEpochSecond()));
    }

    /// As [#forget], if the entry still stands where it was seen.
    Write forgetSwept(JobKey key, String history, Instant now) {
        return update(
                key,
                is(HIS, history),
                remove(HIS),
                remove(CLI),
                set(TableDefinition.EXPIRY, now.plus(settings.tombstone()).getEpochSecond()));
    }

    /// The condition of every write on behalf of a claim.
    public static Condition held(Claim claim) {
        return Condition.all(
                is(JobItem.STATE, JobState.Running.LETTER),
                is(JobItem.FENCE, claim.fence()),
                is(JobItem.OWN, claim.own()));
    }

    /// The part of a transaction that makes it hold only while the claim does.
    public static Write check(Claim claim) {
        return new Write.Check(JobItem.key(claim.key()), held(claim));
    }

    private static Condition lost(Claim claim, JobState.Running seen) {
        return held(claim).and(is(JobItem.LEASE, seen.leaseEnd().toEpochMilli()));
    }

    /// The filter that hides what a mark has cleared.
    static Condition beyond(long clearSeq) {
        return above(JobItem.SEQ, clearSeq);
    }

    /// The filter that shows only what a mark has cleared.
    static Condition clearedBy(long clearSeq) {
        return below(JobItem.SEQ, clearSeq + 1);
    }

    private static List<Change> entering(JobState.Running running, String promptId) {
        long claimed = running.claimed().toEpochMilli();
        return changes(
                set(JobItem.STATE, running.letter()),
                set(JobItem.OWN, running.own()),
                set(JobItem.CLAIMED, claimed),
                set(JobItem.LEASE, running.leaseEnd().toEpochMilli()),
                set(RUN, QueueOrder.count(claimed) + "#" + promptId),
                remove(POS));
    }

    private static List<Change> entering(JobState.Pending pending, Claim claim, long seq) {
        return changes(
                set(JobItem.STATE, pending.letter()),
                set(JobItem.FENCE, claim.fence() + 1),
                set(JobItem.SEQ, seq),
                set(POS, QueueOrder.position(claim.number(), claim.key().promptId())),
                remove(RUN),
                remove(JobItem.OWN),
                remove(JobItem.LEASE),
                remove(JobItem.CLAIMED),
                remove(JobItem.STARTED));
    }

    private static List<Change> entering(JobState.Ended ended, long history) {
        return changes(
                set(JobItem.STATE, ended.letter()),
                set(HIS, QueueOrder.count(history)),
                remove(RUN),
                remove(JobItem.LEASE),
                remove(JobItem.CANCEL));
    }

    private List<Change> entering(JobState.Deleted deleted, Instant now) {
        return changes(
                set(JobItem.STATE, deleted.letter()),
                set(TableDefinition.EXPIRY, now.plus(settings.tombstone()).getEpochSecond()),
                remove(POS),
                remove(RUN),
                remove(CLI),
                remove(JobItem.LEASE),
                remove(JobItem.CANCEL));
    }

    private static List<Change> changes(Change... changes) {
        return new ArrayList<>(List.of(changes));
    }

    private Write update(JobKey key, Condition condition, Change... changes) {
        return update(key, condition, List.of(changes));
    }

    private Write update(JobKey key, Condition condition, List<Change> changes) {
        return Write.update(JobItem.key(key), condition, operations.get(), changes);
    }
}
