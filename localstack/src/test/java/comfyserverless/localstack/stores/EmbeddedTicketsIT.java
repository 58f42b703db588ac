package comfyserverless.localstack.stores;

import static org.awaitility.Awaitility.await;

import comfyserverless.contract.job.JobSettings;
import comfyserverless.contract.job.Tickets;
import comfyserverless.contract.job.TicketsContract;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

class EmbeddedTicketsIT extends TicketsContract {
    private final Tickets tickets =
            EmbeddedStores.open(JobSettings.standard(), Clock.systemUTC()).ports().tickets();

    @Override
    protected Tickets tickets() {
        return tickets;
    }

    @Override
    protected void pass(Duration time) {
        Instant end = Instant.now().plus(time);
        await().atMost(time.plusSeconds(5)).until(() -> Instant.now().isAfter(end));
    }
}
