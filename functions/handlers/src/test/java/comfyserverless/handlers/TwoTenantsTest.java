package comfyserverless.handlers;

import static org.assertj.core.api.Assertions.assertThat;

import comfyserverless.contract.account.Credentials;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.event.Event;
import comfyserverless.contract.event.EventJson;
import comfyserverless.contract.event.EventLog;
import comfyserverless.contract.event.JobLog;
import comfyserverless.contract.file.FileRef;
import comfyserverless.contract.file.FileType;
import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.SampleJobs;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.route.Access;
import comfyserverless.contract.route.Method;
import comfyserverless.contract.route.Route;
import comfyserverless.contract.route.Routes;
import comfyserverless.contract.table.Digests;
import comfyserverless.contract.table.Item;
import comfyserverless.contract.tenant.Ownership;
import comfyserverless.contract.webhook.WebhookTask;
import comfyserverless.handlers.auth.AuthSettings;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.webhook.Caller;
import comfyserverless.handlers.webhook.WebhookCalls;
import comfyserverless.handlers.webhook.WebhookNews;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Somebody who knows every name of another tenant walks every route and the sockets. Each answer is that of
/// a server which has never seen the other tenant, and nothing of the other's has changed.
class TwoTenantsTest {
    private static final Pattern CHANCE =
            Pattern.compile(
                    "whsec_[\\w+/=]+|\\bid-\\d+\\b|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    private static final byte[] SECRET = "alpha's own bytes".getBytes(StandardCharsets.UTF_8);

    private TestServer shared = new TestServer();
    private TestServer alone = new TestServer();
    private StrangersRequests requests = new StrangersRequests("", "");
    private String strangerHere = "";
    private String strangerAlone = "";
    private String owner = "";

    /// The other tenant's user, where there are several.
    private String user = "default";

    private static TestServer server(boolean multiUser) {
        TestServer server =
                new TestServer(settings ->
                        settings.withAuth(
                                        AuthSettings.local(Set.of(AuthSettings.Mode.KEY), Map.of()))
                                .withMultiUser(multiUser));
        server.memory.models().with("checkpoints", "everybodys.safetensors", new byte[8]);
        server.pages.put("index.html", "<!doctype html>".getBytes(StandardCharsets.UTF_8));
        return server;
    }

    static String key(TestServer server, String tenant) {
        return server.ports
                .credentials()
                .issue(Credentials.Kind.KEY, new Identity(tenant, null, false), "test", null)
                .secret();
    }

    @BeforeEach
    void one_user_each() {
        start(false);
    }

    private void start(boolean multiUser) {
        shared = server(multiUser);
        alone = server(multiUser);
        owner = key(shared, "alpha");
        strangerHere = key(shared, "beta");
        strangerAlone = key(alone, "beta");
        requests = new StrangersRequests(giveAlphaOneOfEach(multiUser), callAlphasWebhook());
    }

    /// What nobody knows the owner of would stay when the tenant is deleted.
    @Test
    void all_that_a_tenant_makes_is_known_to_be_its_own() {
        List<Item> items =
                shared.memory.table().items().stream()
                        .filter(item -> (item.key() + " " + item.values()).contains("alpha"))
                        .toList();
        assertThat(items)
                .hasSizeGreaterThan(20)
                .allSatisfy(item -> assertThat(Ownership.of(item)).contains("alpha"));
    }

    private Response asOwner(String method, String path, byte[] body, String... headers) {
        List<String> all = new ArrayList<>(List.of("x-api-key", owner));
        all.addAll(List.of(headers));
        Response response = shared.call(method, path, body, all.toArray(String[]::new));
        assertThat(response.status()).as(method + " " + path).isLessThan(300);
        return response;
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Jobs in each state, files of each type, settings, workflows, a socket, a log, a model, an upload.
    private String giveAlphaOneOfEach(boolean multiUser) {
        shared.memory.models().of("alpha").with("checkpoints", "alpha.safetensors", SECRET);
        assertThat(
                        shared.open(
                                "alpha-socket",
                                Map.of("clientId", StrangersRequests.CLIENT),
                                "x-api-key",
                                owner))
                .isEqualTo(200);
        shared.greet("alpha-socket");
        asOwner("POST", "/api/webhooks", utf8("\"https://alpha.example.org/hook\""));
        for (String id :
                List.of(StrangersRequests.ENDED, StrangersRequests.RUNS, StrangersRequests.WAITS)) {
            String ids =
                    ",\"prompt_id\":\""
                            + id
                            + "\",\"client_id\":\""
                            + StrangersRequests.CLIENT
                            + "\"";
            asOwner("POST", "/prompt", utf8(TestServer.prompt("alpha's own text", ids)));
            if (!id.equals(StrangersRequests.WAITS)) {
                Claim claim = shared.memory.claims().claim("runner of " + id).orElseThrow();
                assertThat(shared.memory.claims().start(claim)).isTrue();
                shared.ports
                        .eventLog()
                        .append(
                                claim.key(),
                                claim.fence(),
                                new EventLog.Logged(
                                        0,
                                        EventJson.write(
                                                new Event.Executed(id, "1", "1", Json.object()))));
                if (id.equals(StrangersRequests.ENDED)) {
                    shared.memory.claims().finish(claim, SampleJobs.result(JobResult.End.SUCCESS));
                }
            }
        }
        shared.memory
                .files()
                .put("alpha", new FileRef(FileType.OUTPUT, "", "alpha-out.png"), SECRET);
        shared.memory.files().put("alpha", new FileRef(FileType.INPUT, "", "alpha-in.png"), SECRET);
        shared.memory
                .files()
                .put("alpha", new FileRef(FileType.TEMP, "", "alpha-temp.png"), SECRET);
        if (multiUser) {
            user =
                    TestServer.json(asOwner("POST", "/users", utf8("{\"username\":\"alpha\"}")))
                            .asText();
        }
        for (String path :
                List.of(
                        "/userdata/alpha.json",
                        "/userdata/workflows%2Falpha.json",
                        "/settings/alpha.setting")) {
            asOwner("POST", path, utf8("\"alpha's own\""), "comfy-user", user);
        }
        asOwner(
                "PATCH",
                "/internal/logs/subscribe",
                utf8("{\"clientId\":\"" + StrangersRequests.CLIENT + "\",\"enabled\":true}"));
        shared.ports
                .jobLog()
                .append(
                        "alpha",
                        List.of(new JobLog.Line(shared.clock.instant(), "alpha's own line")));
        if (multiUser) {
            return "none";
        }
        Response upload =
                asOwner(
                        "POST",
                        "/api/upload/presign",
                        utf8(
                                "{\"size\":"
                                        + SECRET.length
                                        + ",\"sha256\":\""
                                        + Digests.hex(SECRET)
                                        + "\"}"));
        String place = TestServer.json(upload).path("url").asText().substring("memory:/".length());
        shared.memory.blobs().put(place, SECRET);
        return TestServer.json(upload).path("id").asText();
    }

    /// The id of the call.
    private String callAlphasWebhook() {
        asOwner("GET", "/api/webhooks/secret", new byte[0]);
        new WebhookNews(shared.ports.webhookOutbox(), Clock.systemUTC()).sweep(List.of("alpha"));
        WebhookTask task = WebhookTask.of(shared.webhooks.bodies().getFirst());
        assertThat(
                        WebhookCalls.of(shared.ports, (_, _, _) -> new Caller.Answer(200, ""))
                                .make(task))
                .isEmpty();
        return task.id();
    }

    /// All of the table and the object store that is alpha's, as text.
    private Map<String, String> alphas() {
        Map<String, String> all = new TreeMap<>();
        for (Item item : shared.memory.table().items()) {
            boolean own =
                    Arrays.asList(item.key().partition().split("[#/]", -1)).contains("alpha")
                            || item.key().sort().equals("alpha")
                            || "alpha".equals(item.textOrNull("tenant"));
            if (own) {
                all.put(item.key().toString(), item.values().toString());
            }
        }
        for (String key : shared.memory.blobs().keys("")) {
            if (Arrays.asList(key.split("/", -1)).contains("alpha")) {
                all.put(key, text(key));
            }
        }
        return all;
    }

    private String text(String key) {
        try (InputStream in = shared.memory.blobs().read(key, 0).orElseThrow()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String shown(Response response) {
        String body =
                response.headers().containsKey("content-encoding")
                        ? HexFormat.of().formatHex(response.body())
                        : new String(response.body(), StandardCharsets.ISO_8859_1);
        String all =
                response.status()
                        + " "
                        + new TreeMap<>(response.headers())
                        + response.cookies()
                        + body;
        return CHANCE.matcher(all).replaceAll("chance");
    }

    private Response ask(TestServer server, String key, StrangersRequests.Attempt attempt) {
        return server.call(
                attempt.method(),
                attempt.pathAndQuery(),
                attempt.bytes(),
                "content-type",
                attempt.type(),
                "x-api-key",
                key,
                "comfy-user",
                user);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void every_route_answers_a_stranger_as_if_the_other_tenant_were_not_there(boolean multiUser) {
        start(multiUser);
        Map<String, String> before = alphas();
        assertThat(before).hasSizeGreaterThan(multiUser ? 10 : 15);
        int heard = shared.memory.post().texts("alpha-socket").size();
        int asked = 0;
        for (Route route : Routes.ALL) {
            for (StrangersRequests.Attempt attempt : requests.to(route)) {
                assertThat(shown(ask(shared, strangerHere, attempt)))
                        .as(attempt.toString())
                        .isEqualTo(shown(ask(alone, strangerAlone, attempt)));
                asked++;
            }
            assertThat(alphas()).as(route.name()).isEqualTo(before);
        }
        assertThat(asked).isGreaterThan(500);
        assertThat(shared.memory.post().texts("alpha-socket")).hasSize(heard);
    }

    /// So that the walk is known to look where something is.
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void the_owner_finds_by_the_same_requests_what_a_stranger_does_not(boolean multiUser) {
        start(multiUser);
        StringBuilder found = new StringBuilder();
        for (Route route : Routes.ALL) {
            if (route.method() == Method.GET) {
                requests.to(route)
                        .forEach(attempt -> found.append(shown(ask(shared, owner, attempt))));
            }
        }
        assertThat(found)
                .contains("alpha's own bytes")
                .contains("alpha's own text")
                .contains("alpha's own line")
                .contains("alpha.safetensors")
                .contains("alpha-out.png")
                .contains("workflows/alpha.json")
                .contains("alpha.setting")
                .contains("https://alpha.example.org/hook")
                .contains("\"state\":\"delivered\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "guess", "csk_guess"})
    void nobody_without_a_key_gets_past_a_route_of_a_tenant(String key) {
        Map<String, String> before = alphas();
        for (Route route : Routes.ALL) {
            for (StrangersRequests.Attempt attempt : requests.to(route)) {
                Response answer = ask(shared, key, attempt);
                if (route.access() == Access.TENANT) {
                    assertThat(answer.status()).as(attempt.toString()).isEqualTo(401);
                    assertThat(TestServer.json(answer).at("/error/details").asText())
                            .contains("/login");
                }
                assertThat(shown(answer)).doesNotContain("alpha's own");
            }
        }
        assertThat(alphas()).isEqualTo(before);
    }

    @Test
    void who_comes_under_the_name_of_another_tenants_client_is_told_nothing_of_what_it_missed() {
        Map<String, String> query = Map.of("clientId", StrangersRequests.CLIENT);
        assertThat(shared.open("beta-socket", query, "x-api-key", strangerHere)).isEqualTo(200);
        shared.greet("beta-socket");
        assertThat(alone.open("beta-socket", query, "x-api-key", strangerAlone)).isEqualTo(200);
        alone.greet("beta-socket");
        assertThat(shared.memory.post().texts("beta-socket"))
                .isEqualTo(alone.memory.post().texts("beta-socket"));
        assertThat(shared.open("alpha-again", query, "x-api-key", owner)).isEqualTo(200);
        shared.greet("alpha-again");
        assertThat(shared.memory.post().texts("alpha-again").toString())
                .as("the client itself, of its running job")
                .contains(StrangersRequests.RUNS);
    }

    @Test
    void the_same_client_id_in_two_tenants_is_two_clients() {
        Map<String, String> query = Map.of("clientId", StrangersRequests.CLIENT);
        assertThat(shared.open("beta-socket", query, "x-api-key", strangerHere)).isEqualTo(200);
        shared.greet("beta-socket");
        int greeted = shared.memory.post().texts("beta-socket").size();
        int heard = shared.memory.post().texts("alpha-socket").size();
        assertThat(
                        shared.messages("beta-socket")
                                .getFirst()
                                .at("/data/status/exec_info/queue_remaining")
                                .asInt())
                .isZero();
        asOwner(
                "POST",
                "/prompt",
                utf8(
                        TestServer.prompt(
                                "more", ",\"client_id\":\"" + StrangersRequests.CLIENT + "\"")));
        assertThat(shared.memory.post().texts("beta-socket")).hasSize(greeted);
        assertThat(shared.memory.post().texts("alpha-socket")).hasSizeGreaterThan(heard);
        int told = shared.memory.post().texts("alpha-socket").size();
        shared.post(
                "/prompt",
                TestServer.prompt("mine", ",\"client_id\":\"" + StrangersRequests.CLIENT + "\""),
                "x-api-key",
                strangerHere);
        shared.breakOff("beta-socket");
        assertThat(shared.memory.post().texts("alpha-socket")).hasSize(told);
        assertThat(shared.memory.connections().find("alpha", StrangersRequests.CLIENT)).isPresent();
        assertThat(shared.memory.connections().find("beta", StrangersRequests.CLIENT)).isEmpty();
    }
}
