package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Limit;
import comfyserverless.contract.job.StatusChanges;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.table.Key;
import comfyserverless.handlers.queue.StatusStream;
import comfyserverless.handlers.wake.Wake;
import comfyserverless.handlers.webhook.WebhookNews;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The Lambda behind the table's stream: of the changes of jobs that [StatusChanges] lets through it
/// tells the sockets that were not told directly, and wakes runners when a job waits that may run; the webhooks of jobs that
/// started or ended it hands over to their queue.
public final class StatusEntry implements RequestStreamHandler {
    private static final String CLIENT = "clientId";

    /// A job of nobody's ended: nothing is written, and the sockets of nobody are looked for.
    static final String NOBODYS_JOB_ENDED =
            """
            {"Records":[{"eventName":"MODIFY","dynamodb":{
              "Keys":{"PK":{"S":"Q#%1$s"},"SK":{"S":"J#%1$s"}},
              "OldImage":{"PK":{"S":"Q#%1$s"},"SK":{"S":"J#%1$s"},"st":{"S":"R"}},
              "NewImage":{"PK":{"S":"Q#%1$s"},"SK":{"S":"J#%1$s"},"st":{"S":"S"}}}}]}
            """
                    .formatted(Priming.TENANT);

    private final StatusStream stream;
    private final Wake wake;
    private final WebhookNews webhooks;
    private final Accounts accounts;

    /// As Lambda starts it: wired from the environment.
    public StatusEntry() {
        this(Wiring.fromEnvironment(), Wiring.wake(System.getenv()));
        Priming.of(this, System.getenv(), NOBODYS_JOB_ENDED);
    }

    /// Where runners are always there.
    public StatusEntry(HandlerPorts ports) {
        this(ports, Wake.NONE);
    }

    public StatusEntry(HandlerPorts ports, Wake wake) {
        this(
                new StatusStream(
                        new StatusStream.Source(ports.jobs(), ports.connections()),
                        Endpoints.news(ports),
                        ports.settings().otherSockets(),
                        System::nanoTime,
                        Thread::sleep),
                wake,
                new WebhookNews(ports.webhookOutbox(), ports.clock()),
                ports.accounts());
    }

    StatusEntry(StatusStream stream, Wake wake, WebhookNews webhooks, Accounts accounts) {
        this.accounts = accounts;
        this.stream = stream;
        this.wake = wake;
        this.webhooks = webhooks;
    }

    @Override
    public void handleRequest(InputStream in, OutputStream out, Context context)
            throws IOException {
        JsonNode event = Json.readStored(in.readAllBytes());
        List<StatusStream.Change> changes = new ArrayList<>();
        List<WebhookNews.Change> jobs = new ArrayList<>();
        boolean waits = false;
        for (JsonNode record : event.path("Records")) {
            JsonNode change = record.path("dynamodb");
            Item after = image(change, "NewImage");
            Item before = image(change, "OldImage");
            jobs.add(new WebhookNews.Change(before, after));
            Optional<StatusChanges.Change> found = StatusChanges.of(before, after);
            if (found.isPresent()) {
                String tenant = found.get().job().tenant();
                waits = waits || (found.get().wake() && mayRun(tenant));
                String client = after == null ? null : after.textOrNull(CLIENT);
                changes.add(new StatusStream.Change(tenant, client));
            }
        }
        if (waits) {
            wake.jobWaits();
        }
        stream.changed(changes);
        webhooks.changed(jobs);
        out.write(Json.writeBytes(answer()));
    }

    /// A tenant that may run nothing keeps no runner awake. What it may do later the reconciler sees.
    private boolean mayRun(String tenant) {
        OptionalLong most = accounts.limits(tenant).find(Limit.RUNNING);
        return most.isEmpty() || most.getAsLong() > 0;
    }

    private static JsonNode answer() {
        var body = Json.object();
        body.putArray("batchItemFailures");
        return body;
    }

    /// An image with its texts and whole numbers, which is all that the changes are told by.
    private static @Nullable Item image(JsonNode change, String name) {
        if (!change.has(name)) {
            return null;
        }
        JsonNode keys = change.path("Keys");
        Item item = Item.of(new Key(keys.at("/PK/S").asText(""), keys.at("/SK/S").asText("")));
        for (Map.Entry<String, JsonNode> attribute : change.path(name).properties()) {
            JsonNode value = attribute.getValue();
            if (value.has("S")) {
                item = item.with(attribute.getKey(), value.path("S").asText());
            } else if (value.has("N") && value.path("N").asText().matches("-?\\d{1,18}")) {
                item = item.with(attribute.getKey(), Long.parseLong(value.path("N").asText()));
            }
        }
        return item;
    }
}
