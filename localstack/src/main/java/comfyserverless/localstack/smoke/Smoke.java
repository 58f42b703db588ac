package comfyserverless.localstack.smoke;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.table.Digests;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The points that the design assumes of CloudFront, API Gateway, Lambda and S3, each looked at from
/// outside. What it stores it removes.
public final class Smoke {
    private static final int LONGER_THAN_A_FRAME = 40 * 1024;
    private static final int LONGEST = 120 * 1024;
    private static final int TOO_LONG = 129 * 1024;
    private static final int TOO_LARGE = 5 * 1024 * 1024;
    private static final int LONG_FILE = 300 * 1024;
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', 13, 10, 26, 10};

    private final Site site;
    private final Extent extent;
    private final String mark = "smoke-" + UUID.randomUUID();
    private final SocketChecks sockets;
    private final List<Outcome> outcomes = new ArrayList<>();

    /// What is looked at besides the address.
    ///
    /// @param direct the HTTP API's own address, or null
    /// @param inside the deployment's sockets, with rights to post to them, or null
    /// @param silence how long a socket says nothing, or null
    public record Extent(
            @Nullable URI direct, @Nullable Inside inside, @Nullable Duration silence) {}

    /// Of a deployment's address.
    ///
    /// @param key what is shown with each request, where one is asked for
    public static Smoke of(URI address, @Nullable String key, Extent extent) {
        return new Smoke(new Site(address, key), extent);
    }

    private Smoke(Site site, Extent extent) {
        this.site = site;
        this.extent = extent;
        this.sockets = new SocketChecks(site, mark);
    }

    private interface Check {
        /// What is wrong, or null.
        @Nullable String wrong() throws IOException, InterruptedException;
    }

    /// Looks at all of them.
    public List<Outcome> run() throws InterruptedException {
        check("routes answer below / and /api", this::routes);
        check("a path arrives as it was sent, %2F and all", this::undecodedPath);
        check("a body over 4 MB is answered with 413 and a way out", this::tooLarge);
        check("/ws greets with status and sid", () -> sockets.greeting("/ws"));
        check("/api/ws greets with status and sid", () -> sockets.greeting("/api/ws"));
        check("a socket takes no binary message", sockets::binary);
        check("a client's message of 48 KiB arrives in frames", sockets::framed);
        check("HEAD tells a length and sends no body", this::head);
        check("bytes that no request can carry go past the gateway", this::pastTheGateway);
        check("a page may put bytes into the store", this::pageMayPut);
        check("a long file comes from this origin, in parts if asked for", this::longFile);
        URI direct = extent.direct();
        if (direct != null) {
            check("the HTTP API refuses who goes around CloudFront", () -> around(direct));
        }
        Inside inside = extent.inside();
        if (inside != null) {
            messages(inside);
        }
        Duration silence = extent.silence();
        if (silence != null) {
            check(
                    "a socket whose client says nothing for "
                            + silence.toSeconds()
                            + " s stays open",
                    () -> sockets.silent(silence));
        }
        return List.copyOf(outcomes);
    }

    /// If the first two fail, COMFY_MAX_MESSAGE has to stay at its preset.
    private void messages(Inside inside) throws InterruptedException {
        check(
                "a message of 40 KiB reaches a socket whole (COMFY_MAX_MESSAGE may be 40960)",
                () -> sockets.posted(inside, LONGER_THAN_A_FRAME));
        check(
                "a message of 120 KiB reaches a socket whole (COMFY_MAX_MESSAGE may be 122880)",
                () -> sockets.posted(inside, LONGEST));
        check(
                "a message over 128 KiB is refused by its size",
                () -> sockets.refused(inside, TOO_LONG));
    }

    private void check(String assumption, Check check) throws InterruptedException {
        try {
            String wrong = check.wrong();
            outcomes.add(new Outcome(assumption, wrong == null, wrong == null ? "" : wrong));
        } catch (IOException e) {
            outcomes.add(new Outcome(assumption, false, String.valueOf(e.getMessage())));
        }
    }

    private static @Nullable String unless(boolean right, HttpResponse<String> answer) {
        String body = answer.body();
        return right
                ? null
                : answer.uri()
                        + " answered "
                        + answer.statusCode()
                        + " "
                        + body.substring(0, Math.min(200, body.length()));
    }

    private @Nullable String routes() throws IOException, InterruptedException {
        for (String path : List.of("/prompt", "/api/prompt")) {
            HttpResponse<String> answer = site.get(path);
            String wrong =
                    unless(
                            answer.statusCode() == 200 && answer.body().contains("queue_remaining"),
                            answer);
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private @Nullable String undecodedPath() throws IOException, InterruptedException {
        String path = "/userdata/" + mark + "%2Fa%20b.txt";
        HttpResponse<String> put =
                site.send(site.request(path).POST(HttpRequest.BodyPublishers.ofString("smoke")));
        try {
            HttpResponse<String> read = site.get(path);
            return unless(
                    put.statusCode() == 200
                            && read.statusCode() == 200
                            && read.body().equals("smoke"),
                    put.statusCode() == 200 ? read : put);
        } finally {
            site.send(site.request(path).DELETE());
        }
    }

    private @Nullable String tooLarge() throws IOException, InterruptedException {
        HttpResponse<String> answer =
                site.send(
                        site.request("/prompt")
                                .POST(HttpRequest.BodyPublishers.ofByteArray(new byte[TOO_LARGE])));
        return unless(
                answer.statusCode() == 413 && answer.body().contains("body_too_large"), answer);
    }

    private @Nullable String longFile() throws IOException, InterruptedException {
        HttpResponse<String> stored = site.send(upload(mark + ".png", new byte[LONG_FILE]));
        if (stored.statusCode() != 200) {
            return unless(false, stored);
        }
        HttpResponse<String> answer = site.get("/view?type=temp&filename=" + mark + ".png");
        String place = answer.headers().firstValue("location").orElse("");
        if (answer.statusCode() != 302 || !place.startsWith("/_files/")) {
            return "/view answered " + answer.statusCode() + " and leads to \"" + place + "\"";
        }
        HttpResponse<String> part =
                site.send(site.request(place).header("range", "bytes=0-9").GET());
        return unless(part.statusCode() == 206 && part.body().length() == 10, part);
    }

    private @Nullable String head() throws IOException, InterruptedException {
        String path = "/userdata/" + mark + ".json";
        site.send(site.request(path).POST(HttpRequest.BodyPublishers.ofString("{\"a\": 1}")));
        try {
            HttpResponse<String> answer = site.send(site.request(path).HEAD());
            boolean right =
                    answer.statusCode() == 200
                            && answer.headers().firstValueAsLong("content-length").orElse(-1) == 8
                            && answer.body().isEmpty();
            return right
                    ? null
                    : path
                            + " answered "
                            + answer.statusCode()
                            + " with the headers "
                            + answer.headers().map();
        } finally {
            site.send(site.request(path).DELETE());
        }
    }

    /// Where the store has an address of its own, browsers ask it first.
    private @Nullable String pageMayPut() throws IOException, InterruptedException {
        ObjectNode announced =
                Json.object().put("size", PNG.length).put("sha256", Digests.hex(PNG));
        HttpResponse<String> opened = site.send(json("/api/upload/presign", announced));
        if (opened.statusCode() != 201) {
            return unless(false, opened);
        }
        String address = Json.read(opened.body()).path("url").asText();
        if (!address.startsWith("http")) {
            return null;
        }
        HttpResponse<String> answer =
                site.send(
                        site.elsewhere(address)
                                .header("origin", site.origin())
                                .header("access-control-request-method", "PUT")
                                .header(
                                        "access-control-request-headers",
                                        "content-type,if-none-match,x-amz-checksum-sha256")
                                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        return unless(answer.statusCode() == 200, answer);
    }

    /// Announced, put into the store by a signed request, named.
    private @Nullable String pastTheGateway() throws IOException, InterruptedException {
        byte[] picture = new byte[TOO_LARGE];
        System.arraycopy(PNG, 0, picture, 0, PNG.length);
        ObjectNode announced =
                Json.object().put("size", picture.length).put("sha256", Digests.hex(picture));
        HttpResponse<String> opened = site.send(json("/api/upload/presign", announced));
        if (opened.statusCode() != 201) {
            return unless(false, opened);
        }
        JsonNode answer = Json.read(opened.body());
        HttpRequest.Builder put =
                site.elsewhere(answer.path("url").asText())
                        .PUT(HttpRequest.BodyPublishers.ofByteArray(picture));
        answer.path("headers")
                .properties()
                .forEach(header -> put.setHeader(header.getKey(), header.getValue().asText()));
        HttpResponse<String> stored = site.send(put);
        if (stored.statusCode() != 200) {
            return unless(false, stored);
        }
        ObjectNode name = Json.object().put("id", answer.path("id").asText());
        name.put("filename", mark + "-large.png").put("type", "temp");
        HttpResponse<String> named = site.send(json("/api/upload/complete", name));
        return unless(named.statusCode() == 200 && named.body().contains(mark), named);
    }

    private HttpRequest.Builder json(String path, ObjectNode body) {
        return site.request(path)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(body)));
    }

    /// A temporary file, which is removed by itself.
    private HttpRequest.Builder upload(String name, byte[] content) {
        String head =
                "--"
                        + mark
                        + "\r\ncontent-disposition: form-data; name=\"type\"\r\n\r\ntemp\r\n--"
                        + mark
                        + "\r\ncontent-disposition: form-data; name=\"image\"; filename=\""
                        + name
                        + "\"\r\ncontent-type: image/png\r\n\r\n";
        String tail = "\r\n--" + mark + "--\r\n";
        return site.request("/upload/image")
                .header("content-type", "multipart/form-data; boundary=" + mark)
                .POST(
                        HttpRequest.BodyPublishers.concat(
                                HttpRequest.BodyPublishers.ofString(head),
                                HttpRequest.BodyPublishers.ofByteArray(content),
                                HttpRequest.BodyPublishers.ofString(tail)));
    }

    private @Nullable String around(URI direct) throws IOException, InterruptedException {
        HttpResponse<String> answer = site.get(direct + "/prompt");
        return unless(answer.statusCode() == 403, answer);
    }
}
