package comfyserverless.localstack.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.conformance.Expected;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.json.MalformedJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A WebSocket of a case. It keeps all messages; a mark says up to which they were taken.
final class RecordedSocket {
    private static final Duration CLOSING = Duration.ofSeconds(2);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final List<JsonNode> messages = new ArrayList<>();
    private final WebSocket socket;
    private int taken;
    private boolean closed;

    private RecordedSocket(HttpClient http, URI uri, Map<String, String> headers) {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        headers.forEach(builder::header);
        this.socket = builder.buildAsync(uri, new Reader()).join();
    }

    /// Opens a socket.
    ///
    /// @throws IOException if the server refuses it
    static RecordedSocket open(HttpClient http, URI uri, Map<String, String> headers)
            throws IOException {
        try {
            return new RecordedSocket(http, uri, headers);
        } catch (CompletionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException refused) {
                throw new IOException("HTTP " + refused.getResponse().statusCode(), e);
            }
            throw new IOException(e.getCause());
        }
    }

    private final class Reader implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public @Nullable CompletionStage<?> onText(
                WebSocket from, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                try {
                    add(Json.read(text.toString()));
                } catch (MalformedJson e) {
                    end();
                }
                text.setLength(0);
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(
                WebSocket from, ByteBuffer data, boolean last) {
            byte[] part = new byte[data.remaining()];
            data.get(part);
            bytes.writeBytes(part);
            if (last) {
                add(BinaryMessage.describe(ByteBuffer.wrap(bytes.toByteArray())));
                bytes.reset();
            }
            from.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            end();
            return null;
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            end();
        }
    }

    private void add(JsonNode message) {
        locked(() -> messages.add(message));
    }

    private void end() {
        locked(() -> closed = true);
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void sendText(String text) {
        socket.sendText(text, true).join();
    }

    void sendBinary(byte[] bytes) {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).join();
    }

    /// Says goodbye and waits a little for the answer.
    void close() {
        if (!socket.isOutputClosed()) {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "")
                    .exceptionally(alreadyCut -> socket)
                    .join();
            awaitEnd();
        }
        socket.abort();
    }

    private void awaitEnd() {
        lock.lock();
        try {
            long left = CLOSING.toNanos();
            while (!closed && left > 0) {
                left = news.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    /// Cuts the connection without a close frame.
    void drop() {
        socket.abort();
    }

    /// The place just after the first message not yet taken that fits, waited for.
    OptionalInt find(JsonNode wanted, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            long left = patience.toNanos();
            int at = taken;
            while (true) {
                for (; at < messages.size(); at++) {
                    if (Expected.difference(wanted, messages.get(at)).isEmpty()) {
                        return OptionalInt.of(at + 1);
                    }
                }
                if (left <= 0 || closed) {
                    return OptionalInt.empty();
                }
                left = news.awaitNanos(left);
            }
        } finally {
            lock.unlock();
        }
    }

    /// The number of messages once none has come for so long.
    int quiet(Duration silence) throws InterruptedException {
        lock.lock();
        try {
            int seen;
            do {
                seen = messages.size();
                long left = silence.toNanos();
                while (seen == messages.size() && left > 0) {
                    left = news.awaitNanos(left);
                }
            } while (seen != messages.size());
            return seen;
        } finally {
            lock.unlock();
        }
    }

    /// The place after so many more messages, waited for; empty if they do not come.
    OptionalInt count(int more, Duration patience) throws InterruptedException {
        lock.lock();
        try {
            int end = taken + more;
            long deadline = System.nanoTime() + patience.toNanos();
            while (messages.size() < end && !closed) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    break;
                }
                news.await(left, TimeUnit.NANOSECONDS);
            }
            return messages.size() < end ? OptionalInt.empty() : OptionalInt.of(end);
        } finally {
            lock.unlock();
        }
    }

    /// Takes the messages up to a place.
    List<JsonNode> take(int end) {
        lock.lock();
        try {
            List<JsonNode> part = List.copyOf(messages.subList(taken, end));
            taken = end;
            return part;
        } finally {
            lock.unlock();
        }
    }

    /// The messages not yet taken.
    List<JsonNode> rest() {
        lock.lock();
        try {
            return List.copyOf(messages.subList(taken, messages.size()));
        } finally {
            lock.unlock();
        }
    }
}
