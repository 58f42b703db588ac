package comfyserverless.contract.job;

import comfyserverless.contract.account.Meter;
import comfyserverless.contract.file.RunFiles;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;

/// Takes a running job out of a runner's hands: because the runner gives it back, or because its
/// lease was lost. A stop that was asked for ends the job; a clear before its start deletes it; else
/// it is pending again at its old place.
final class Returns {
    private static final int ROUNDS = 5;
    private static final System.Logger LOG = System.getLogger(Returns.class.getName());

    private final Table table;
    private final Protocol protocol;
    private final Tenants tenants;
    private final ActiveTenants active;
    private final Content content;

    /// What a job has besides its item.
    record Content(Bodies bodies, Summaries summaries, RunFiles files) {}

    Returns(
            Table table,
            Protocol protocol,
            Tenants tenants,
            ActiveTenants active,
            Content content) {
        this.table = table;
        this.protocol = protocol;
        this.tenants = tenants;
        this.active = active;
        this.content = content;
    }

    /// What became of a job whose lease was looked at.
    enum Fate {
        /// Its lease is good, or somebody else dealt with it.
        LEFT,
        REQUEUED,
        ENDED,
        CLEARED
    }

    /// Reads and writes until nothing came in between; every change in between is progress.
    void giveBack(Claim claim, Instant now) {
        for (int round = 0; round < ROUNDS; round++) {
            Optional<Item> item =
                    table.get(JobItem.key(claim.key())).filter(Protocol.held(claim)::holds);
            if (item.isEmpty()
                    || !(JobItem.of(item.get()).state() instanceof JobState.Running running)) {
                return;
            }
            if (gaveBack(claim, running, now)) {
                return;
            }
        }
    }

    private boolean gaveBack(Claim claim, JobState.Running running, Instant now) {
        if (running.cancelRequested()) {
            return ended(claim, LostJobs.interrupted(claim, now), now, now, protocol::endGivenBack);
        }
        active.touch(claim.key().tenant(), now);
        if (running.started() == null) {
            return clearedMeanwhile(claim)
                    ? cleared(claim, now)
                    : table.write(protocol.giveBack(claim, running, claim.origin().seq())).done();
        }
        return startedAnew(claim, seq -> protocol.giveBack(claim, running, seq));
    }

    /// Begins again from the start, without what it wrote so far.
    private boolean startedAnew(Claim claim, LongFunction<Write> returning) {
        boolean done = outsideOfClears(claim, returning);
        if (done) {
            forgetFiles(claim);
        }
        return done;
    }

    /// What cannot be removed now goes when the job ends.
    private void forgetFiles(Claim claim) {
        try {
            content.files().forget(claim);
        } catch (UncheckedIOException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the files of a lost run of " + claim.label() + " stay for now",
                    e);
        }
    }

    /// A job that had started was no longer pending when a clear came while it ran: it returns with a
    /// new place in the order of acceptance, in one transaction with the check that no clear has
    /// come since that was drawn.
    private boolean outsideOfClears(Claim claim, LongFunction<Write> returning) {
        String tenant = claim.key().tenant();
        Tenants.Tenant seen = tenants.read(tenant);
        Write write = returning.apply(tenants.nextSeq(tenant));
        return table.transact(List.of(tenants.notClearedSince(tenant, seen), write));
    }

    /// How the job's own item changes at its end.
    private interface End {
        Write write(Claim claim, Protocol.Ending ending);
    }

    /// Ends a job with what is to be said of it and what it used.
    ///
    /// @param left when its run left the runner
    private boolean ended(Claim claim, JobResult result, Instant now, Instant left, End end) {
        long place = tenants.nextHistory(claim.key().tenant());
        List<Write> writes = new ArrayList<>();
        writes.add(end.write(claim, new Protocol.Ending(result.end(), place, now)));
        content.summaries()
                .instead(claim, claim.fence() + 1, result, now, Meter.run(claim.at(), left))
                .ifPresent(writes::add);
        writes.add(tenants.used(claim, left));
        return table.transact(writes);
    }

    private boolean cleared(Claim claim, Instant now) {
        boolean done = table.write(protocol.cleared(claim, now)).done();
        if (done) {
            content.bodies().delete(claim.key(), claim.origin().body());
        }
        return done;
    }

    private boolean clearedMeanwhile(Claim claim) {
        return claim.origin().seq() <= tenants.read(claim.key().tenant()).clearSeq();
    }

    /// Takes the job from a runner whose lease was lost.
    Fate expire(JobItem job, Instant now, Duration grace) {
        if (!(job.state() instanceof JobState.Running running) || !running.lost(now, grace)) {
            return Fate.LEFT;
        }
        Claim claim = job.claim(running);
        if (running.cancelRequested()) {
            return end(claim, running, LostJobs.interrupted(claim, now), now);
        }
        if (running.started() == null && clearedMeanwhile(claim)) {
            return cleared(claim, now) ? Fate.CLEARED : Fate.LEFT;
        }
        int tries = job.tries() + 1;
        if (tries >= JobSettings.MOST_TRIES) {
            return end(claim, running, LostJobs.failed(claim, now), now);
        }
        active.touch(claim.key().tenant(), now);
        if (running.started() == null) {
            long seq = claim.origin().seq();
            return fate(protocol.requeue(claim, running, seq, tries), Fate.REQUEUED);
        }
        return startedAnew(claim, seq -> protocol.requeue(claim, running, seq, tries))
                ? Fate.REQUEUED
                : Fate.LEFT;
    }

    private Fate end(Claim claim, JobState.Running running, JobResult result, Instant now) {
        // Nobody knows when the runner was lost; its lease's end is the latest.
        Instant left = running.leaseEnd().isBefore(now) ? running.leaseEnd() : now;
        boolean done =
                ended(
                        claim,
                        result,
                        now,
                        left,
                        (_, ending) -> protocol.endLost(claim, running, ending));
        return done ? Fate.ENDED : Fate.LEFT;
    }

    private Fate fate(Write write, Fate done) {
        Outcome outcome = table.write(write);
        return outcome.done() ? done : Fate.LEFT;
    }
}
