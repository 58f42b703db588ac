package comfyserverless.runner.claim;

import comfyserverless.contract.event.Event;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.job.Tickets;
import comfyserverless.runner.report.JobReport;
import comfyserverless.runner.report.Reports;
import comfyserverless.runner.run.JobRun;
import comfyserverless.runner.run.RunStopped;
import comfyserverless.runner.run.Work;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The story of a runner: wait for a ticket, claim the next job, run it, report, finish, look for the
/// next; on close give a running job back.
public final class RunnerLoop implements Runnable, AutoCloseable {
    /// The queue as this runner uses it.
    public record Queue(Claims claims, Tickets tickets, Jobs jobs) {}

    private static final Duration AFTER_TROUBLE = Duration.ofSeconds(1);
    private static final Duration LONGEST_BACKLOG = Duration.ofMinutes(2);
    private static final Logger LOG = LoggerFactory.getLogger(RunnerLoop.class);

    private final String own;
    private final Queue queue;
    private final Reports reports;
    private final Work work;
    private final RunnerSettings settings;
    private final LongSupplier nanos;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable JobLease current;
    private volatile @Nullable Thread thread;

    /// @param own this runner's id, a UUID
    public RunnerLoop(
            String own,
            Queue queue,
            Reports reports,
            Work work,
            RunnerSettings settings,
            LongSupplier nanos) {
        this.own = own;
        this.queue = queue;
        this.reports = reports;
        this.work = work;
        this.settings = settings;
        this.nanos = nanos;
    }

    /// Serves tickets until [#close].
    @Override
    public void run() {
        thread = Thread.currentThread();
        try {
            while (!isClosing()) {
                try {
                    turn();
                } catch (UncheckedIOException e) {
                    LOG.warn("the queue cannot be reached", e);
                    pause(AFTER_TROUBLE);
                } catch (RuntimeException | Error e) {
                    LOG.error("a ticket failed", e);
                    pause(AFTER_TROUBLE);
                }
            }
        } finally {
            ended.countDown();
        }
    }

    private void turn() {
        Optional<Tickets.Ticket> ticket = queue.tickets().receive(settings.poll());
        boolean served = false;
        if (ticket.isPresent()) {
            try {
                served = serve(ticket.get());
            } catch (UncheckedIOException e) {
                LOG.warn("a call had no answer; what this runner may hold goes back", e);
                beginAnew(ticket.get());
                return;
            }
        }
        if (!served && !isClosing()) {
            work.rest();
        }
    }

    /// After a call without an answer: nobody knows what it did, so whatever this runner holds goes back, and then the
    /// ticket is there for whoever comes first. Else the job would wait for the end of its lease.
    private void beginAnew(Tickets.Ticket ticket) {
        pause(AFTER_TROUBLE);
        // close() interrupts who waits; here there is something to bring to an end first
        boolean interrupted = Thread.interrupted();
        while (!wentBack(ticket) && !isClosing()) {
            pause(AFTER_TROUBLE);
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean wentBack(Tickets.Ticket ticket) {
        try {
            queue.claims().giveBackAll(own);
            queue.tickets().extend(ticket, Duration.ZERO);
            return true;
        } catch (UncheckedIOException e) {
            LOG.warn("what this runner may hold cannot be given back yet", e);
            return false;
        }
    }

    private boolean isClosing() {
        return closing.getCount() == 0;
    }

    private void pause(Duration time) {
        try {
            boolean closed = closing.await(time.toNanos(), TimeUnit.NANOSECONDS);
            LOG.debug("waited, closed: {}", closed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Runs jobs as long as there are any, then deletes the ticket; false if there was none.
    private boolean serve(Tickets.Ticket ticket) {
        boolean served = false;
        while (!isClosing()) {
            long asked = nanos.getAsLong();
            Optional<Claim> claim = queue.claims().claim(own);
            if (claim.isEmpty()) {
                queue.tickets().delete(ticket);
                return served;
            }
            served = true;
            JobLease lease =
                    new JobLease(queue.claims(), claim.get(), settings.lease(), nanos, asked);
            current = lease;
            try (ExecutorService beside = Executors.newVirtualThreadPerTaskExecutor()) {
                Future<?> _ = beside.submit(() -> hide(ticket));
                serve(lease, ticket, beside);
            } finally {
                current = null;
            }
        }
        queue.tickets().extend(ticket, Duration.ZERO);
        return served;
    }

    private void hide(Tickets.Ticket ticket) {
        try {
            queue.tickets().extend(ticket, settings.lease());
        } catch (UncheckedIOException e) {
            LOG.warn("a ticket cannot be hidden; it may wake another runner", e);
        }
    }

    private Ahead ahead(Claim claim, ExecutorService beside) {
        return new Ahead(
                beside.submit(() -> queue.claims().body(claim)),
                beside.submit(() -> queue.jobs().queueRemaining(claim.key().tenant())));
    }

    private void serve(JobLease lease, Tickets.Ticket ticket, ExecutorService beside) {
        if (isClosing()) {
            giveBack(lease);
            return;
        }
        Ahead ahead = ahead(lease.claim(), beside);
        if (!queue.claims().start(lease.claim())) {
            return;
        }
        try (JobReport report = reports.open(lease.claim(), lease);
                Heart _ =
                        new Heart(lease, report, queue.tickets(), ticket, settings, nanos)
                                .start()) {
            long began = nanos.getAsLong();
            tellStatus(lease.claim(), report, ahead::count);
            Work.Ended result = ended(lease, report, ahead);
            sendBacklog(lease, report);
            Optional<Work.Ended> end = finish(lease, result);
            if (end.isPresent()) {
                LOG.info("{} ended: {}", lease.claim().label(), end.get().result().end());
                lastMessages(lease.claim(), report, end.get());
                note(lease.claim(), began, end.get());
            } else {
                report.mute();
            }
        } catch (RunStopped e) {
            LOG.info("{} was taken away", lease.claim().label());
        }
    }

    private Work.Ended ended(JobLease lease, JobReport report, Ahead ahead) {
        Claim claim = lease.claim();
        try {
            return work.run(new JobRun(claim, ahead.prompt(), report, lease, lease));
        } catch (RunStopped e) {
            report.mute();
            throw e;
        } catch (RuntimeException | Error e) {
            LOG.error("{} cannot be run", claim.label(), e);
            return work.failed(claim, e);
        }
    }

    /// Waits while messages of the run are still going out: a client hears of each before the job is over.
    /// The job stays this runner's meanwhile.
    private void sendBacklog(JobLease lease, JobReport report) {
        long began = nanos.getAsLong();
        while (!report.awaitSent(settings.drain()) && !lease.isGone() && !isClosing()) {
            if (nanos.getAsLong() - began > LONGEST_BACKLOG.toNanos()) {
                LOG.warn("the messages of {} go out too slowly", lease.claim().label());
                return;
            }
        }
    }

    /// Stores the end; tries again while the store cannot be reached and the job is still ours. A result
    /// that cannot be stored is replaced by one that says so.
    private Optional<Work.Ended> finish(JobLease lease, Work.Ended result) {
        Work.Ended end = result;
        boolean replaced = false;
        while (lease.awaitWritable()) {
            lease.ending();
            try {
                boolean stored = queue.claims().finish(lease.claim(), end.result());
                if (stored) {
                    lease.finished();
                }
                return stored ? Optional.of(end) : Optional.empty();
            } catch (UncheckedIOException e) {
                LOG.warn("the end of {} cannot be stored yet", lease.claim().label(), e);
                pause(AFTER_TROUBLE);
            } catch (RuntimeException e) {
                LOG.error("the end of {} cannot be stored", lease.claim().label(), e);
                if (replaced) {
                    return Optional.empty();
                }
                replaced = true;
                end = work.failed(lease.claim(), e);
            }
        }
        return Optional.empty();
    }

    private void lastMessages(Claim claim, JobReport report, Work.Ended end) {
        report.tell(end.last());
        tellStatus(claim, report, () -> queue.jobs().queueRemaining(claim.key().tenant()));
        report.tell(new Event.Executing(null, null, claim.key().promptId()));
        if (!report.drain(settings.drain())) {
            LOG.warn("messages of {} could not be sent", claim.label());
        }
    }

    /// What the log of the tenant's jobs shows of one, in ComfyUI's words.
    private void note(Claim claim, long began, Work.Ended end) {
        double seconds = (nanos.getAsLong() - began) / 1e9;
        String took = String.format(Locale.ROOT, "%.2f", seconds);
        String line =
                end.result().end() == JobResult.End.SUCCESS
                        ? "Prompt executed in " + took + " seconds\n"
                        : claim.key().promptId()
                                + " ended after "
                                + took
                                + " s: "
                                + end.result().end()
                                + "\n";
        reports.note(claim.key().tenant(), List.of("got prompt\n", line));
    }

    private void tellStatus(Claim claim, JobReport report, IntSupplier remaining) {
        try {
            report.tell(new Event.Status(remaining.getAsInt(), null));
        } catch (UncheckedIOException e) {
            LOG.warn("cannot count the queue of {}", claim.key().tenant(), e);
        }
    }

    private void giveBack(JobLease lease) {
        lease.release();
        try {
            queue.claims().giveBack(lease.claim());
            LOG.info("{} was given back", lease.claim().label());
        } catch (UncheckedIOException e) {
            LOG.warn("{} could not be given back", lease.claim().label(), e);
        }
    }

    /// Takes no further job and gives a running one back at once; waits a little for its thread.
    @Override
    public void close() {
        closing.countDown();
        JobLease running = current;
        Thread waiting = thread;
        if (running != null) {
            giveBack(running);
        } else if (waiting != null) {
            waiting.interrupt();
        }
        try {
            if (!ended.await(settings.drain().toNanos(), TimeUnit.NANOSECONDS)) {
                LOG.warn("runner {} is still in a node", own);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
