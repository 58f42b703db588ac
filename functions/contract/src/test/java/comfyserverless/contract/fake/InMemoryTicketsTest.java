package comfyserverless.contract.fake;

import comfyserverless.contract.job.Tickets;
import comfyserverless.contract.job.TicketsContract;
import java.time.Duration;

class InMemoryTicketsTest extends TicketsContract {
    private final ManualClock clock = new ManualClock();
    private final InMemoryTickets tickets = new InMemoryTickets(clock);

    @Override
    protected Tickets tickets() {
        return tickets;
    }

    @Override
    protected void pass(Duration time) {
        clock.advance(time);
    }
}
