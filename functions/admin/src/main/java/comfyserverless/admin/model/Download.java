package comfyserverless.admin.model;

import comfyserverless.admin.report.Progress;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.report.Report;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Brings a model from an https address (Hugging Face, Civitai, any other) to a local folder: redirects are followed, a
/// token goes to the address's own host only, what was broken off goes on where it was.
public final class Download {
    private static final int MOST_REDIRECTS = 10;
    private static final int BUFFER = 1 << 20;
    private static final Duration CONNECT = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /// The variables that hold the tokens of the hosts people use.
    private static final Map<String, String> TOKENS =
            Map.of("huggingface.co", "HF_TOKEN", "civitai.com", "CIVITAI_TOKEN");

    private final Map<String, String> environment;
    private final Report report;
    private final InstantSource clock;
    private final Duration patience;

    public Download(Map<String, String> environment, Report report, InstantSource clock) {
        this(environment, report, clock, PATIENCE);
    }

    /// @param patience how long a server may say nothing
    Download(
            Map<String, String> environment,
            Report report,
            InstantSource clock,
            Duration patience) {
        this.environment = Map.copyOf(environment);
        this.report = report;
        this.clock = clock;
        this.patience = patience;
    }

    /// A file that has arrived.
    ///
    /// @param name what the server calls it
    /// @param sha256 what the server says that its digest is; null if it does not say
    public record Arrived(Path file, String name, @Nullable String sha256) {}

    /// An answer with its body still to come, and what the redirects to it have told.
    private record Answer(HttpResponse<InputStream> response, @Nullable String sha256, URI asked) {}

    /// Fetches the file.
    ///
    /// @param folder where it is kept until it is pushed
    /// @param tokenVariable the variable with the token, or null for the host's usual one
    public Arrived fetch(URI address, Path folder, @Nullable String tokenVariable)
            throws IOException {
        URI asked = direct(address);
        Files.createDirectories(folder);
        String stem =
                HexFormat.of()
                        .formatHex(
                                Digest.of("SHA-256")
                                        .digest(asked.toString().getBytes(StandardCharsets.UTF_8)))
                        .substring(0, 16);
        Path part = folder.resolve(stem + ".part");
        Path tag = tag(part);
        try (HttpClient client =
                HttpClient.newBuilder()
                        .connectTimeout(CONNECT)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .build()) {
            long have = Files.exists(part) && Files.exists(tag) ? Files.size(part) : 0;
            String lastTag = have > 0 ? Files.readString(tag) : "";
            // The last byte is asked for again, so that a whole file is no range beyond the end.
            long from = lastTag.isEmpty() ? 0 : Math.max(0, have - 1);
            Answer answer = ask(client, asked, tokenVariable, from, lastTag);
            if (answer.response().statusCode() == 416) {
                answer.response().body().close();
                answer = ask(client, asked, tokenVariable, 0, "");
            }
            requireFile(answer, asked, tokenVariable);
            String name = name(answer);
            if (answer.response().statusCode() != 206) {
                Files.deleteIfExists(part);
                Files.writeString(tag, version(answer));
            }
            write(answer, part, from, name);
            return new Arrived(part, name, answer.sha256());
        } catch (HttpTimeoutException e) {
            throw new Refusal(
                    asked
                            + " did not answer within "
                            + patience.toSeconds()
                            + " s: try again later.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refusal("The download was interrupted: run the command again to go on.", e);
        }
    }

    /// Drops the local copy of a file that was pushed.
    public static void drop(Arrived arrived) throws IOException {
        Files.deleteIfExists(arrived.file());
        Files.deleteIfExists(tag(arrived.file()));
    }

    /// Where a part's version is noted.
    private static Path tag(Path part) {
        return part.resolveSibling(part.getFileName().toString().replace(".part", ".tag"));
    }

    /// What tells this content of the address from another one; empty where the server tells nothing, so that a
    /// download cannot go on.
    private static String version(Answer answer) {
        return header(answer, "etag")
                .filter(etag -> !etag.startsWith("W/"))
                .or(() -> header(answer, "last-modified"))
                .orElse("");
    }

    /// The file behind a page of Hugging Face.
    private static URI direct(URI address) {
        boolean plain = "http".equals(address.getScheme()) && isLoopback(address);
        if (!"https".equals(address.getScheme()) && !plain) {
            throw new Refusal(address + " is no https address.");
        }
        String path = address.getRawPath() == null ? "" : address.getRawPath();
        return "huggingface.co".equals(address.getHost()) && path.contains("/blob/")
                ? URI.create(address.toString().replaceFirst("/blob/", "/resolve/"))
                : address;
    }

    private static boolean isLoopback(URI address) {
        return "127.0.0.1".equals(address.getHost()) || "localhost".equals(address.getHost());
    }

    private Answer ask(
            HttpClient client, URI asked, @Nullable String tokenVariable, long from, String tag)
            throws IOException, InterruptedException {
        URI at = asked;
        String sha256 = null;
        for (int round = 0; round <= MOST_REDIRECTS; round++) {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(at)
                            .timeout(patience)
                            .header("User-Agent", "comfy-admin");
            if (asked.getAuthority().equals(at.getAuthority())) {
                token(asked, tokenVariable)
                        .ifPresent(token -> request.header("Authorization", "Bearer " + token));
            }
            if (from > 0) {
                request.header("Range", "bytes=" + from + "-");
            }
            HttpResponse<InputStream> response =
                    client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            String linked =
                    response.headers().firstValue("x-linked-etag").orElse("").replace("\"", "");
            sha256 = linked.matches("[0-9a-f]{64}") ? linked : sha256;
            Optional<String> location = response.headers().firstValue("location");
            if (response.statusCode() / 100 != 3 || location.isEmpty()) {
                Answer answer = new Answer(response, sha256, asked);
                boolean another = response.statusCode() == 206 && !version(answer).equals(tag);
                if (!another) {
                    return answer;
                }
                response.body().close();
                return ask(client, asked, tokenVariable, 0, "");
            }
            response.body().close();
            at = direct(at.resolve(location.get()));
        }
        throw new Refusal(asked + " redirects more than " + MOST_REDIRECTS + " times.");
    }

    private Optional<String> token(URI asked, @Nullable String variable) {
        if (variable != null) {
            String token = environment.get(variable);
            if (token == null || token.isEmpty()) {
                throw new Refusal(
                        "The variable " + variable + ", named by --token-env, is not set.");
            }
            return Optional.of(token);
        }
        return usualVariable(asked).map(environment::get).filter(token -> !token.isEmpty());
    }

    private static Optional<String> usualVariable(URI asked) {
        String host = asked.getHost() == null ? "" : asked.getHost();
        return TOKENS.entrySet().stream()
                .filter(known -> host.equals(known.getKey()) || host.endsWith("." + known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }

    private static Optional<String> header(Answer answer, String name) {
        return answer.response().headers().firstValue(name);
    }

    private static void requireFile(Answer answer, URI asked, @Nullable String tokenVariable)
            throws IOException {
        int status = answer.response().statusCode();
        String type = header(answer, "content-type").orElse("").toLowerCase(Locale.ROOT);
        if ((status == 200 || status == 206) && !type.startsWith("text/html")) {
            return;
        }
        answer.response().body().close();
        String variable =
                tokenVariable != null
                        ? tokenVariable
                        : usualVariable(asked).orElse("one named by --token-env");
        throw new Refusal(
                switch (status) {
                    case 200, 206 ->
                            asked
                                    + " answers a web page, not a file: is it the address of the download? If it"
                                    + " needs a login, put a token into the variable "
                                    + variable
                                    + ".";
                    case 401, 403 ->
                            asked
                                    + " answers "
                                    + status
                                    + ": it needs a token in the variable "
                                    + variable
                                    + ", of an account that may have this file.";
                    case 404 -> asked + " is not there (404).";
                    default -> asked + " answers " + status + ": try again later.";
                });
    }

    private static String name(Answer answer) {
        Optional<String> given =
                header(answer, "content-disposition").flatMap(ContentDisposition::fileName);
        String path = answer.asked().getRawPath() == null ? "" : answer.asked().getRawPath();
        String last = path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B");
        return given.orElseGet(() -> URLDecoder.decode(last, StandardCharsets.UTF_8));
    }

    private void write(Answer answer, Path part, long from, String name) throws IOException {
        boolean goesOn = answer.response().statusCode() == 206;
        long have = goesOn ? from : 0;
        long length = answer.response().headers().firstValueAsLong("content-length").orElse(-1);
        requireRoom(part, name, length);
        InputStream in = answer.response().body();
        StallWatch watch = new StallWatch(in, patience);
        try (in;
                watch;
                FileChannel out =
                        FileChannel.open(
                                part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                Progress progress =
                        new Progress(
                                report, "fetching " + name, have + Math.max(0, length), clock)) {
            out.truncate(have).position(have);
            progress.skip(have);
            byte[] buffer = new byte[BUFFER];
            var sink = Channels.newOutputStream(out);
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sink.write(buffer, 0, read);
                watch.move();
                progress.add(read);
            }
        } catch (IOException e) {
            throw brokenOff(
                    name,
                    watch.isStalled()
                            ? "nothing came for " + patience.toSeconds() + " s"
                            : String.valueOf(e.getMessage()),
                    e);
        }
        if (length >= 0 && Files.size(part) != have + length) {
            throw new Refusal(
                    "The download of "
                            + name
                            + " ended early: run the same command again, it goes on where it was.");
        }
    }

    private static Refusal brokenOff(String name, String why, IOException e) {
        return new Refusal(
                "The download of "
                        + name
                        + " broke off ("
                        + why
                        + "): run the same command again, it goes on where it was.",
                e);
    }

    private static void requireRoom(Path part, String name, long length) throws IOException {
        long room = Files.getFileStore(part.toAbsolutePath().getParent()).getUsableSpace();
        if (length > room) {
            throw new Refusal(
                    name
                            + " takes "
                            + Progress.size(length)
                            + ", but only "
                            + Progress.size(room)
                            + " are free in "
                            + part.getParent()
                            + ": name another folder with --scratch.");
        }
    }
}
