package comfyserverless.handlers.prompt;

import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.account.LimitReached;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.job.Enqueued;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.NewJob;
import comfyserverless.contract.job.PromptBody;
import comfyserverless.contract.job.TraceId;
import comfyserverless.contract.job.Turn;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.PythonText;
import comfyserverless.contract.prompt.PromptIds;
import comfyserverless.contract.prompt.PromptRequest;
import comfyserverless.contract.prompt.PromptValidator;
import comfyserverless.contract.prompt.Validation;
import comfyserverless.contract.webhook.WebhookTarget;
import comfyserverless.handlers.HandlerPorts;
import comfyserverless.handlers.extension.Server;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.objectinfo.Nodes;
import comfyserverless.handlers.objectinfo.TenantLists;
import comfyserverless.handlers.queue.QueueJson;
import comfyserverless.handlers.queue.QueueNews;
import comfyserverless.handlers.user.Users;
import comfyserverless.handlers.webhook.WebhookRequest;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// `POST /prompt`: validates a graph and puts it into the queue (post_prompt in server.py, ComfyUI
/// 0.3.64).
///
/// The order of what it does is the protocol: the counter, validation, the job, the status to sockets,
/// the ticket. A ticket that cannot be sent is sent by reconcile.
public final class PostPrompt implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(PostPrompt.class);

    private final HandlerPorts ports;
    private final QueueNews news;
    private final Server server;
    private final Users users;
    private final WebhookRequest webhooks;

    public PostPrompt(HandlerPorts ports, QueueNews news) {
        this.ports = ports;
        this.news = news;
        this.server = new Server(ports, news, this);
        this.users = new Users(ports.userFiles(), ports.ids(), ports.settings().multiUser());
        this.webhooks = new WebhookRequest(ports.webhooks());
    }

    @Override
    public Response answer(Call call) {
        Optional<Duration> wait = Wait.of(call.request());
        byte[] sent = call.request().body();
        byte[] body = ports.extensions().onPrompt(sent, call.tenant(), server);
        PromptRequest asked = PromptRequest.readChanged(body, sent);
        Optional<WebhookTarget> webhook = webhooks.of(call.request(), asked.secrets());
        // A refused prompt uses up a number, a given number does not.
        Turn turn = ports.jobs().nextTurn(call.tenant(), asked.number() == null);
        double number = asked.numberOr(turn.number());
        Nodes.Known nodes = ports.nodes().current();
        TenantLists lists = new TenantLists(call.tenant(), ports.models(), ports.files());
        PromptValidator validator = new PromptValidator(nodes, nodes.validators());
        Validation found =
                validator.validate(asked, new PromptValidator.Surroundings(lists, lists));
        return switch (found) {
            case Validation.Invalid invalid -> Response.json(400, invalid.json());
            case Validation.Valid valid -> {
                NewJob job =
                        job(call, asked, number, valid, nodes.digest())
                                .withWebhook(webhook.orElse(null))
                                .withTrace(trace(call.request()));
                ObjectNode queued = enqueue(job, turn, asked, valid);
                yield wait.map(time -> new Wait(ports).complete(job.key(), queued, time))
                        .orElseGet(() -> Response.json(queued));
            }
        };
    }

    private NewJob job(
            Call call,
            PromptRequest asked,
            double number,
            Validation.Valid valid,
            String catalogueDigest) {
        Optional<String> key = call.request().header("idempotency-key");
        String promptId = asked.promptId();
        boolean retryable = asked.retryable();
        if (promptId == null) {
            promptId =
                    key.map(k -> PromptIds.ofIdempotencyKey(call.tenant(), user(call), k))
                            .orElseGet(ports.ids());
            retryable = key.isPresent();
        }
        return new NewJob(
                new JobKey(call.tenant(), promptId),
                number,
                clientId(asked),
                new PromptBody(valid.prompt(), asked.extraData(), valid.outputs()),
                asked.hash(),
                retryable,
                catalogueDigest);
    }

    private static @Nullable String trace(Request request) {
        return request.header(TraceId.HEADER).flatMap(TraceId::in).orElse(null);
    }

    /// Two users may choose the same key.
    private String user(Call call) {
        return users.of(call).map(UserFiles.User::id).orElse(Users.DEFAULT);
    }

    /// The client that the events are for may also be named in extra_data alone.
    private static @Nullable String clientId(PromptRequest asked) {
        if (asked.clientId() != null) {
            return asked.clientId();
        }
        var inside = asked.extraData().get("client_id");
        return inside == null || inside.isNull() ? null : PythonText.str(inside);
    }

    private ObjectNode enqueue(NewJob job, Turn turn, PromptRequest asked, Validation.Valid valid) {
        return switch (ports.jobs().enqueue(job, turn)) {
            case Enqueued.Accepted accepted -> {
                news.queued(job.key().tenant(), job.clientId(), turn);
                sendTicket(job.key());
                yield queued(job, accepted.number(), asked, valid);
            }
            case Enqueued.Again again -> queued(job, again.number(), asked, valid);
            case Enqueued.Conflict conflict ->
                    throw HttpProblem.badRequest(
                            "duplicate_prompt_id",
                            "Another prompt has this id",
                            conflict.promptId());
            case Enqueued.Full full ->
                    throw HttpProblem.later(
                            429, "queue_full", full.reason(), full.retryAfterSeconds());
            case Enqueued.Limited(LimitReached reached) -> throw HttpProblem.limit(reached);
            case Enqueued.Closed closed -> throw HttpProblem.closed(job.key().tenant());
        };
    }

    private void sendTicket(JobKey key) {
        try {
            ports.tickets().send();
        } catch (RuntimeException e) {
            LOG.warn("No ticket for {}: reconcile will send one", key, e);
        }
    }

    private static ObjectNode queued(
            NewJob job, double number, PromptRequest asked, Validation.Valid valid) {
        ObjectNode body = Json.object().put("prompt_id", job.key().promptId());
        body.set(
                "number",
                asked.number() == null ? QueueJson.number(number) : DoubleNode.valueOf(number));
        body.set("node_errors", valid.nodeErrors().json());
        return body;
    }
}
