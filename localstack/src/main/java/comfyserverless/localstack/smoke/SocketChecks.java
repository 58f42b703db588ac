package comfyserverless.localstack.smoke;

import comfyserverless.contract.event.Post;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What the design assumes of sockets. Each check answers with what is wrong, or null.
final class SocketChecks {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration KEPT_ALIVE_WITHIN = Duration.ofMinutes(9);
    private static final int UNSUPPORTED = 1003;
    private static final int FRAME = 16 * 1024;
    private static final int FRAMES = 3;
    private static final String FLAGS = "{\"type\":\"feature_flags\",\"data\":{\"smoke\":\"";

    private final Site site;
    private final String mark;

    /// @param mark begins the names of the clients
    SocketChecks(Site site, String mark) {
        this.site = site;
        this.mark = mark;
    }

    @Nullable String greeting(String path) throws IOException, InterruptedException {
        Site.Socket listener = new Site.Socket();
        WebSocket socket = site.open(path + "?clientId=" + mark, listener);
        try {
            return notGreeted(listener);
        } finally {
            socket.abort();
        }
    }

    private static @Nullable String notGreeted(Site.Socket listener) throws InterruptedException {
        String text = listener.text(SOON);
        return text != null && text.contains("\"status\"") && text.contains("\"sid\"")
                ? null
                : "the first message is " + text;
    }

    @Nullable String binary() throws IOException, InterruptedException {
        Site.Socket listener = new Site.Socket();
        WebSocket socket = site.open("/ws?clientId=" + mark + "-binary", listener);
        try {
            socket.sendBinary(ByteBuffer.wrap(new byte[] {1, 2, 3}), true).join();
            Integer code = listener.closeCode(SOON);
            return code != null && code == UNSUPPORTED
                    ? null
                    : "the socket's close code is " + code;
        } finally {
            socket.abort();
        }
    }

    /// A client's message that is longer than a frame may be.
    @Nullable String framed() throws IOException, InterruptedException {
        Site.Socket listener = new Site.Socket();
        WebSocket socket = site.open("/ws?clientId=" + mark + "-framed", listener);
        try {
            socket.sendText(FLAGS, false).join();
            for (int frame = 0; frame < FRAMES; frame++) {
                socket.sendText("x".repeat(FRAME), false).join();
            }
            socket.sendText("\"}}", true).join();
            return unanswered(listener);
        } finally {
            socket.abort();
        }
    }

    private static @Nullable String unanswered(Site.Socket listener) throws InterruptedException {
        String text = listener.text(SOON, "feature_flags");
        return text == null
                ? "no answer came; the socket's close code is " + listener.closeCode(Duration.ZERO)
                : null;
    }

    /// A message of so many bytes on its way to a client.
    @Nullable String posted(Inside inside, int bytes) throws IOException, InterruptedException {
        Site.Socket listener = new Site.Socket();
        String client = mark + "-" + bytes;
        WebSocket socket = site.open("/ws?clientId=" + client, listener);
        try {
            String wrong = notGreeted(listener);
            if (wrong != null) {
                return wrong;
            }
            String text = message(bytes);
            Post.Outcome outcome = inside.post(client, text);
            if (outcome != Post.Outcome.SENT) {
                return "the gateway answered " + outcome;
            }
            String received = listener.text(SOON, "\"smoke\"");
            return text.equals(received)
                    ? null
                    : "of its "
                            + bytes
                            + " bytes "
                            + (received == null ? 0 : received.length())
                            + " arrived, and the close code is "
                            + listener.closeCode(Duration.ZERO);
        } finally {
            socket.abort();
        }
    }

    /// One that is too large is refused by a status of its own.
    @Nullable String refused(Inside inside, int bytes) throws IOException, InterruptedException {
        Site.Socket listener = new Site.Socket();
        String client = mark + "-large";
        WebSocket socket = site.open("/ws?clientId=" + client, listener);
        try {
            String wrong = notGreeted(listener);
            if (wrong != null) {
                return wrong;
            }
            Post.Outcome outcome = inside.post(client, message(bytes));
            return outcome == Post.Outcome.TOO_LARGE ? null : "the gateway answered " + outcome;
        } finally {
            socket.abort();
        }
    }

    private static String message(int bytes) {
        String begin = "{\"type\":\"smoke\",\"data\":\"";
        String end = "\"}";
        return begin + "x".repeat(bytes - begin.length() - end.length()) + end;
    }

    /// A socket on which the client says nothing.
    @Nullable String silent(Duration time) throws IOException, InterruptedException {
        Site.Socket listener = new Site.Socket();
        WebSocket socket = site.open("/ws?clientId=" + mark + "-silent", listener);
        try {
            String wrong = notGreeted(listener);
            if (wrong != null) {
                return wrong;
            }
            Integer code = listener.closeCode(time);
            if (code != null) {
                return "it was closed with " + code;
            }
            boolean due = time.compareTo(KEPT_ALIVE_WITHIN) > 0;
            if (due && listener.text(Duration.ZERO, "\"status\"") == null) {
                return "nobody said anything to it in " + time.toSeconds() + " s";
            }
            socket.sendText(FLAGS + "\"}}", true).join();
            return unanswered(listener);
        } finally {
            socket.abort();
        }
    }
}
