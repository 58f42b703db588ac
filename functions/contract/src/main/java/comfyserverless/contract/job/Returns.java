package comfyserverless.contract.job;

import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Outcome;
import comfyserverless.contract.table.Table;
import comfyserverless.contract.table.Write;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/// Takes a running job out of a runner's hands: because the runner gives it back, or because its
/// lease was lost. A stop that was asked for ends the job; a clear before its start deletes it; else
/// it is pending again at its old place.
final class Returns {
    private static final int ROUNDS = 5;

    private final Table table;
    private final Protocol protocol;
    private final Tenants tenants;
    private final Summaries summaries;

    Returns(Table table, Protocol protocol, Tenants tenants, Summaries summaries) {
        this.table = table;
        this.protocol = protocol;
        this.tenants = tenants;
        this.summaries = summaries;
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
            if (table.write(givingBack(claim, running, now)).done()) {
                return;
            }
        }
    }

    private Write givingBack(Claim claim, JobState.Running running, Instant now) {
        if (running.cancelRequested()) {
            return finish(claim, LostJobs.interrupted(claim, now), now);
        }
        if (running.started() == null && clearedMeanwhile(claim)) {
            return protocol.cleared(claim, now);
        }
        return protocol.giveBack(claim, seq(claim, running));
    }

    private Write finish(Claim claim, JobResult result, Instant now) {
        summaries.store(claim, result, now);
        long place = tenants.nextHistory(claim.key().tenant());
        return protocol.finish(claim, result.end(), place);
    }

    private boolean clearedMeanwhile(Claim claim) {
        return claim.origin().seq() <= tenants.read(claim.key().tenant()).clearSeq();
    }

    /// A started job stands outside of a clear that came while it ran.
    private long seq(Claim claim, JobState.Running running) {
        return running.started() == null
                ? claim.origin().seq()
                : tenants.nextSeq(claim.key().tenant());
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
            return fate(protocol.cleared(claim, now), Fate.CLEARED);
        }
        int tries = job.tries() + 1;
        if (tries >= JobSettings.MOST_TRIES) {
            return end(claim, running, LostJobs.failed(claim, now), now);
        }
        return fate(protocol.requeue(claim, seq(claim, running), running, tries), Fate.REQUEUED);
    }

    private Fate end(Claim claim, JobState.Running running, JobResult result, Instant now) {
        summaries.store(claim, result, now);
        long place = tenants.nextHistory(claim.key().tenant());
        return fate(protocol.endLost(claim, running, result.end(), place), Fate.ENDED);
    }

    private Fate fate(Write write, Fate done) {
        Outcome outcome = table.write(write);
        return outcome.done() ? done : Fate.LEFT;
    }
}
