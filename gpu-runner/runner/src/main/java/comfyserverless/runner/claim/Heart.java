package comfyserverless.runner.claim;

import comfyserverless.contract.job.Tickets;
import comfyserverless.runner.report.JobReport;
import java.io.UncheckedIOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Beats while a job runs: renews its lease and hides its ticket, and each second looks for a cancel
/// and for a new socket of the client.
final class Heart implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Heart.class);

    private final JobLease lease;
    private final JobReport report;
    private final Tickets tickets;
    private final Tickets.Ticket ticket;
    private final RunnerSettings settings;
    private final LongSupplier nanos;
    private final CountDownLatch stopped = new CountDownLatch(1);

    Heart(
            JobLease lease,
            JobReport report,
            Tickets tickets,
            Tickets.Ticket ticket,
            RunnerSettings settings,
            LongSupplier nanos) {
        this.lease = lease;
        this.report = report;
        this.tickets = tickets;
        this.ticket = ticket;
        this.settings = settings;
        this.nanos = nanos;
    }

    Heart start() {
        Thread.ofVirtual().name("heart-" + lease.claim().key()).start(this::run);
        return this;
    }

    private void run() {
        long beatDue = nanos.getAsLong() + settings.heartbeat().toNanos();
        long pause = Math.min(settings.look().toNanos(), settings.heartbeat().toNanos());
        try {
            while (!stopped.await(pause, TimeUnit.NANOSECONDS)) {
                if (lease.isGone()) {
                    report.mute();
                    return;
                }
                boolean due = nanos.getAsLong() - beatDue >= 0;
                if (due) {
                    beatDue = nanos.getAsLong() + settings.heartbeat().toNanos();
                }
                turn(due);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Whatever goes wrong, the next turn comes: without it the job could neither write nor be lost.
    private void turn(boolean beats) {
        try {
            if (beats) {
                lease.beat();
                hideTicket();
            } else {
                lease.look();
            }
            report.refresh();
        } catch (RuntimeException | Error e) {
            LOG.error("the heart of {} missed a beat", lease.claim().label(), e);
        }
    }

    private void hideTicket() {
        try {
            tickets.extend(ticket, settings.lease());
        } catch (UncheckedIOException e) {
            LOG.warn("cannot extend the ticket of {}", lease.claim().label(), e);
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
