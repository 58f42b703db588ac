package comfyserverless.handlers;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.Accounts;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.job.TraceId;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.prompt.RefusedPrompt;
import comfyserverless.contract.route.Route;
import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.handlers.auth.Door;
import comfyserverless.handlers.http.Admission;
import comfyserverless.handlers.http.BodyLimit;
import comfyserverless.handlers.http.Finish;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.PayloadV2;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.http.Router;
import comfyserverless.handlers.security.HostRule;
import comfyserverless.handlers.security.RequestRates;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Lambda behind the HTTP API: payload 2.0 events in, answers of ComfyUI's routes out.
public final class HttpEntry implements RequestStreamHandler {
    /// The header by which CloudFront (or the local gateway) shows that a request came through it.
    public static final String ORIGIN_SECRET = "x-origin-secret";

    private static final Logger LOG = LoggerFactory.getLogger(HttpEntry.class);

    private final HandlerSettings settings;
    private final HostRule hosts;
    private final Door door;
    private final Accounts accounts;
    private final RequestRates rates;
    private final Router router;

    /// As Lambda starts it: wired from the environment.
    public HttpEntry() {
        this(Wiring.fromEnvironment(), System.getenv());
    }

    /// Prepared for a snapshot, if one is to be taken.
    HttpEntry(HandlerPorts ports, Map<String, String> environment) {
        this(ports);
        if (Priming.isWanted(environment)) {
            // Callers without a key get no further than the door: the routes are called behind an
            // open one, for
            // nobody's tenant.
            HandlerSettings open =
                    settings.withAuth(AuthSettings.none()).withTenant(Priming.TENANT);
            Priming.call(
                    new HttpEntry(ports.withSettings(open)),
                    primingEvents(settings.originSecrets()));
            Priming.call(this, primingEvent("/prompt", settings.originSecrets()));
        }
    }

    private static String[] primingEvents(List<String> secrets) {
        return Stream.of("/prompt", "/queue", "/history", "/system_stats", "/object_info/KSampler")
                .map(path -> primingEvent(path, secrets))
                .toArray(String[]::new);
    }

    private static String primingEvent(String path, List<String> secrets) {
        ObjectNode event = Json.object().put("rawPath", path);
        event.putObject("requestContext").putObject("http").put("method", "GET");
        ObjectNode headers = event.putObject("headers").put("x-api-key", Priming.KEY);
        secrets.stream().findFirst().ifPresent(secret -> headers.put(ORIGIN_SECRET, secret));
        return Json.write(event);
    }

    public HttpEntry(HandlerPorts ports) {
        this.settings = ports.settings();
        this.hosts = new HostRule(settings.trustedHosts());
        this.door = ports.door();
        this.accounts = ports.accounts();
        this.rates = new RequestRates(accounts, System::nanoTime);
        this.router = Endpoints.router(ports, door);
    }

    /// @param context none while the function is primed
    @Override
    public void handleRequest(InputStream in, OutputStream out, @Nullable Context context)
            throws IOException {
        JsonNode event = Json.readStored(in.readAllBytes());
        String trace = context == null ? null : context.getXrayTraceId();
        if (trace != null && event.path("headers") instanceof ObjectNode headers) {
            headers.put(TraceId.HEADER, trace);
        }
        PayloadV2.write(answer(event), Json.mapper(), out);
    }

    Response answer(JsonNode event) {
        boolean trusted = PayloadV2.carries(event, ORIGIN_SECRET, settings.originSecrets());
        if (!trusted && !settings.originSecrets().isEmpty()) {
            return Response.text(403, "403: Forbidden");
        }
        Request request = PayloadV2.request(event, trusted);
        if (!hosts.allows(request)) {
            return Response.empty(403);
        }
        long encoded = BodyLimit.encoded(event);
        if (encoded > BodyLimit.ENCODED) {
            return Finish.answer(request, BodyLimit.exceeded(encoded).response());
        }
        Response answer = Finish.answer(request, routed(request));
        return settings.auth().isRequired() ? Finish.forOneCaller(answer) : answer;
    }

    /// As the door says, and within the caller's rate.
    private Admission.Entry admit(Request request, Route route) {
        Admission.Entry entry = door.admit(request, route);
        if (entry instanceof Admission.Entry.Admitted(Identity who)) {
            if (accounts.isClosing(who.tenant())) {
                throw HttpProblem.closed(who.tenant());
            }
            rates.take(who.tenant());
        }
        return entry;
    }

    /// The one place where what went wrong becomes an HTTP status.
    private Response routed(Request request) {
        try {
            return router.answer(request, this::admit);
        } catch (HttpProblem e) {
            return e.response();
        } catch (LimitReached e) {
            return HttpProblem.limit(e).response();
        } catch (RefusedPrompt e) {
            return Response.json(400, e.answer().json());
        } catch (MalformedJson e) {
            return HttpProblem.badRequest(
                            "invalid_json",
                            "The body is not valid JSON",
                            String.valueOf(e.getMessage()))
                    .response();
        } catch (UncheckedIOException e) {
            LOG.warn("{} {} failed for now", request.method(), request.path(), e);
            return HttpProblem.later(503, "unavailable", "A store did not answer in time", 1)
                    .response();
        } catch (RuntimeException e) {
            LOG.error("{} {} failed", request.method(), request.path(), e);
            return HttpProblem.of(
                            500,
                            "internal_error",
                            "The server could not answer "
                                    + request.method()
                                    + " "
                                    + request.path(),
                            e.getClass().getSimpleName())
                    .response();
        }
    }
}
