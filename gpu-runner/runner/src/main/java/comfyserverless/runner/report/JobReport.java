package comfyserverless.runner.report;

import comfyserverless.contract.event.Event;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one ordered sender of a job. Messages are handed over by the thread that runs the job and go out
/// on a thread of its own.
public final class JobReport implements AutoCloseable {
    private static final long CLIENT_POLL = TimeUnit.MILLISECONDS.toNanos(50);
    private static final Logger LOG = LoggerFactory.getLogger(JobReport.class);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Condition drained = lock.newCondition();
    private final Outbox outbox;
    private final Audience audience;
    private final Delivery delivery;
    private final Farewell farewell;
    private final Lease lease;
    private final LongSupplier nanos;
    private boolean closed;
    private boolean muted;
    private boolean busy;
    private boolean news;
    private boolean leaving;
    private boolean left;
    private boolean asked;

    JobReport(
            Audience audience,
            Delivery delivery,
            Farewell farewell,
            Lease lease,
            LongSupplier nanos) {
        this.audience = audience;
        this.delivery = delivery;
        this.farewell = farewell;
        this.lease = lease;
        this.nanos = nanos;
        this.outbox = new Outbox(nanos.getAsLong());
    }

    /// Looks up the client and begins to send.
    void start(String name) {
        audience.refresh();
        Thread.ofVirtual().name(name).start(this::run);
    }

    /// Adds a message that must arrive, in order.
    public void tell(Event event) {
        change(() -> outbox.tell(event));
    }

    /// Adds a tick (progress, progress_state, preview): a later one of its kind may replace it.
    public void show(Event event) {
        change(() -> outbox.show(event));
    }

    /// Reads whether the client has a new socket; called each second.
    public void refresh() {
        audience.refresh();
        change(() -> news = true);
    }

    /// Whether the client understands pictures that say which node they are of.
    public boolean describesPictures() {
        return audience.describesPictures();
    }

    /// Sends nothing more: the job is another runner's now.
    public void mute() {
        change(() -> muted = true);
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until all that was told so far is sent, at most so long; false if something is left.
    public boolean awaitSent(Duration most) {
        return await(most, () -> !busy && outbox.isEmpty());
    }

    /// Waits until all is sent or noted for a client that is away, at most so long; false if something
    /// was left. Nothing is told after this.
    public boolean drain(Duration most) {
        change(() -> leaving = true);
        return await(most, () -> !busy && outbox.isEmpty() && left);
    }

    private boolean await(Duration most, BooleanSupplier over) {
        long end = nanos.getAsLong() + most.toNanos();
        lock.lock();
        try {
            while (!muted && !over.getAsBoolean()) {
                long left = end - nanos.getAsLong();
                if (left <= 0) {
                    return false;
                }
                drained.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /// Ends the thread; what was not sent by then is dropped.
    @Override
    public void close() {
        change(() -> closed = true);
    }

    private void run() {
        try {
            while (step()) {}
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            idle();
        }
    }

    /// Sends one message or waits for one; false at the end.
    private boolean step() throws InterruptedException {
        Outbox.Next next = next();
        if (next == null) {
            return false;
        }
        try {
            if (lease.awaitWritable()) {
                switch (next) {
                    case Outbox.Next.Send send -> delivery.deliver(send);
                    case Outbox.Next.Wait wait -> lookForClient();
                    case Outbox.Next.Idle idle -> lookForClient();
                }
            } else {
                mute();
            }
        } catch (RuntimeException e) {
            LOG.error("a message was lost", e);
        } finally {
            idle();
        }
        return true;
    }

    private void lookForClient() {
        if (audience.awaitsClient()) {
            audience.refresh();
        }
        delivery.catchUp();
        if (isLeaving() && farewell.isSaid()) {
            change(() -> left = true);
        }
    }

    private boolean isLeaving() {
        lock.lock();
        try {
            return leaving && outbox.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    private void idle() {
        lock.lock();
        try {
            busy = false;
            drained.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The next message; Wait or Idle when it is time to look after the client; null at the end.
    private Outbox.@org.jspecify.annotations.Nullable Next next() throws InterruptedException {
        lock.lock();
        try {
            while (true) {
                if (closed || muted) {
                    return null;
                }
                Outbox.Next next = outbox.poll(nanos.getAsLong());
                boolean sends = next instanceof Outbox.Next.Send;
                boolean goodbye = !sends && leaving && !left && outbox.isEmpty();
                if (goodbye && !asked) {
                    asked = true;
                    news = true;
                }
                if (news || sends) {
                    news = false;
                    busy = true;
                    return next;
                }
                boolean polling = goodbye || audience.awaitsClient();
                long most = polling ? CLIENT_POLL : Long.MAX_VALUE;
                if (next instanceof Outbox.Next.Wait wait) {
                    most = Math.min(most, wait.nanos());
                }
                if (changed.awaitNanos(most) <= 0 && polling) {
                    news = true;
                }
            }
        } finally {
            lock.unlock();
        }
    }
}
