package comfyserverless.localstack.smoke;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A deployment's public side.
final class Site {
    private static final Duration ANSWER = Duration.ofSeconds(40);

    private static final String KEY = "x-api-key";

    private final String base;
    private final HttpClient http = HttpClient.newHttpClient();

    private final @Nullable String key;

    /// @param address without a path
    /// @param key what is shown with each request, where one is asked for
    Site(URI address, @Nullable String key) {
        this.key = key;
        String text = address.toString();
        this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    HttpRequest.Builder request(String path) {
        String address = path.startsWith("http") ? path : base + path;
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address)).timeout(ANSWER);
        return key == null ? request : request.header(KEY, key);
    }

    /// To an address that may be another server's, which is not shown the key.
    HttpRequest.Builder elsewhere(String address) {
        return address.startsWith("http")
                ? HttpRequest.newBuilder(URI.create(address)).timeout(ANSWER)
                : request(address);
    }

    /// As a page of this site would name itself.
    String origin() {
        URI address = URI.create(base);
        return address.getScheme() + "://" + address.getRawAuthority();
    }

    HttpResponse<String> send(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    /// An open socket: what it received, and how it was closed.
    static final class Socket implements WebSocket.Listener {
        private static final int BROKEN = 1006;

        private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        private final BlockingQueue<Integer> closed = new LinkedBlockingQueue<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket socket, CharSequence data, boolean last) {
            part.append(data);
            if (last) {
                texts.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.add(code);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable error) {
            closed.add(BROKEN);
        }

        @Nullable String text(Duration within) throws InterruptedException {
            return texts.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        }

        /// The first text from now on that contains this.
        @Nullable String text(Duration within, String part) throws InterruptedException {
            long end = System.nanoTime() + within.toNanos();
            String text = texts.poll();
            while (text == null || !text.contains(part)) {
                long left = end - System.nanoTime();
                text = texts.poll(Math.max(0, left), TimeUnit.NANOSECONDS);
                if (text == null && left <= 0) {
                    return null;
                }
            }
            return text;
        }

        @Nullable Integer closeCode(Duration within) throws InterruptedException {
            return closed.poll(within.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// Opens a socket.
    WebSocket open(String path, Socket listener) throws IOException {
        URI address = URI.create(base.replaceFirst("^http", "ws") + path);
        try {
            WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(ANSWER);
            if (key != null) {
                builder.header(KEY, key);
            }
            return builder.buildAsync(address, listener).join();
        } catch (CompletionException e) {
            throw new IOException(address + " was not opened: " + e.getCause(), e);
        }
    }
}
