package comfyserverless.runner.claim;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.Pulse;
import comfyserverless.runner.report.Lease;
import comfyserverless.runner.run.RunStopped;
import comfyserverless.runner.run.StopSignal;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this runner knows of its hold on a job: until when the lease runs by the monotonic clock,
/// whether a stop was asked for, whether the job is still its own.
final class JobLease implements Lease, StopSignal {
    private static final Logger LOG = LoggerFactory.getLogger(JobLease.class);

    private final Claims claims;
    private final Claim claim;
    private final long length;
    private final LongSupplier nanos;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private long end;
    private boolean cancelled;
    private boolean gone;
    private boolean ending;
    private boolean finished;

    /// @param claimedAt the monotonic time before the claim was sent
    JobLease(Claims claims, Claim claim, Duration length, LongSupplier nanos, long claimedAt) {
        this.claims = claims;
        this.claim = claim;
        this.length = length.toNanos();
        this.nanos = nanos;
        this.end = claimedAt + this.length;
    }

    Claim claim() {
        return claim;
    }

    /// Renews the lease; the new end counts from before the request.
    void beat() {
        long asked = nanos.getAsLong();
        try {
            heard(claims.heartbeat(claim), asked + length);
        } catch (UncheckedIOException e) {
            LOG.warn("heartbeat of {} failed", claim.label(), e);
        }
    }

    /// Reads whether a stop was asked for.
    void look() {
        try {
            heard(claims.look(claim), Long.MIN_VALUE);
        } catch (UncheckedIOException e) {
            LOG.warn("cannot read the state of {}", claim.label(), e);
        }
    }

    private void heard(Pulse pulse, long newEnd) {
        lock.lock();
        try {
            switch (pulse) {
                case Pulse.Held held -> {
                    cancelled |= held.cancelRequested();
                    if (newEnd != Long.MIN_VALUE) {
                        end = newEnd;
                    }
                }
                case Pulse.Lost lost -> gone |= !ending;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Says that the job is not ours any more.
    void release() {
        lock.lock();
        try {
            gone = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Says that the end is about to be stored. From now on the answer to that write alone tells whether the
    /// job is still ours: a look that finds it ended means nothing.
    void ending() {
        lock.lock();
        try {
            ending = true;
        } finally {
            lock.unlock();
        }
    }

    /// Says that the job's end is stored: nobody else can have it, and its last messages may go out.
    void finished() {
        lock.lock();
        try {
            finished = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isGone() {
        lock.lock();
        try {
            return gone;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean awaitWritable() {
        lock.lock();
        try {
            while (!gone && !finished && nanos.getAsLong() - end >= 0) {
                changed.await();
            }
            return !gone;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void check() {
        lock.lock();
        try {
            if (gone) {
                throw new RunStopped(RunStopped.Reason.TAKEN_AWAY);
            }
            if (cancelled) {
                throw new RunStopped(RunStopped.Reason.INTERRUPTED);
            }
        } finally {
            lock.unlock();
        }
    }
}
