package comfyserverless.contract.job.simulation;

import comfyserverless.contract.Ports;
import comfyserverless.contract.fake.InMemoryTickets;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.Pulse;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.job.Tickets;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/// A runner of a [LimitsSimulation]: waits for tickets, crashes, gives jobs back, does not always hear that it has lost
/// one, and asks again for an end that had no answer.
final class LimitedRunner {
    private final LimitedTable.World world;
    private final Supplier<Ports> ports;
    private final InMemoryTickets tickets;
    private final Scheduler scheduler;
    private final LimitsObserver observer;
    private final Supplier<String> ids;
    private boolean busy;

    /// @param ports as a new process has them
    LimitedRunner(
            LimitedTable.World world,
            Supplier<Ports> ports,
            InMemoryTickets tickets,
            Scheduler scheduler,
            LimitsObserver observer,
            Supplier<String> ids) {
        this.world = world;
        this.ports = ports;
        this.tickets = tickets;
        this.scheduler = scheduler;
        this.observer = observer;
        this.ids = ids;
    }

    /// Whether it is at a job.
    boolean isBusy() {
        return busy;
    }

    /// For ever.
    void run() {
        while (true) {
            Optional<Tickets.Ticket> ticket = tickets.receive(Duration.ZERO);
            if (ticket.isEmpty()) {
                scheduler.sleep(Duration.ofSeconds(1));
                continue;
            }
            try {
                serve(ticket.get(), "runner-" + ids.get());
            } catch (UncheckedIOException e) {
                scheduler.sleep(Duration.ofSeconds(1));
            } catch (SimulatedTable.Crash e) {
                scheduler.sleep(Duration.ofSeconds(world.random().nextInt(5)));
            }
        }
    }

    /// As the runner's loop does it: jobs until there are none.
    private void serve(Tickets.Ticket ticket, String own) {
        Ports asked = ports.get();
        while (true) {
            long since = observer.time();
            Optional<Claim> claim = asked.claims().claim(own);
            if (claim.isEmpty()) {
                tickets.delete(ticket);
                return;
            }
            observer.claimed(claim.get(), since);
            tickets.extend(ticket, LimitsSimulation.LEASE);
            busy = true;
            try {
                work(asked.claims(), claim.get());
            } finally {
                busy = false;
            }
            if (world.random().nextInt(8) == 0) {
                tickets.extend(ticket, Duration.ZERO);
                return;
            }
        }
    }

    private void work(Claims claims, Claim claim) {
        if (world.random().nextInt(8) == 0) {
            claims.giveBack(claim);
            return;
        }
        if (!claims.start(claim)) {
            return;
        }
        boolean cancelled = false;
        for (int beat = world.random().nextInt(4); beat > 0 && !cancelled; beat--) {
            scheduler.sleep(Duration.ofSeconds(1 + world.random().nextInt(7)));
            switch (world.random().nextBoolean() ? claims.heartbeat(claim) : claims.look(claim)) {
                case Pulse.Held held -> cancelled = held.cancelRequested();
                case Pulse.Lost lost -> {
                    // It may not have heard of it, and go on.
                    if (world.random().nextBoolean()) {
                        return;
                    }
                }
            }
        }
        if (world.random().nextInt(6) == 0) {
            claims.giveBack(claim);
            return;
        }
        finish(claims, claim, cancelled ? JobResult.End.INTERRUPTED : JobResult.End.SUCCESS);
    }

    /// As the runner's loop does it: again while the store does not answer.
    private void finish(Claims claims, Claim claim, JobResult.End end) {
        Claims asked = claims;
        for (int attempt = 0; attempt < 5; attempt++) {
            try {
                if (!asked.finish(claim, SampleJobs.result(end))) {
                    observer.notFinished(claim);
                }
                return;
            } catch (UncheckedIOException e) {
                scheduler.sleep(Duration.ofSeconds(1));
                asked =
                        world.fault() == LimitFault.END_FORGETS_ITS_TIME
                                ? ports.get().claims()
                                : claims;
            }
        }
    }
}
