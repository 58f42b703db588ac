package comfyserverless.localstack.conformance;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 exchange on a connection of its own, with the path and the headers exactly as written: the JDK's client
/// refuses paths that are no URI, sets headers of its own and follows rules that a test must be able to break.
final class RawHttp {
    private static final int LINE_LIMIT = 64 * 1024;

    private final URI server;
    private final Duration patience;

    /// Talks to a server.
    ///
    /// @param patience how long one read may take
    RawHttp(URI server, Duration patience) {
        this.server = server;
        this.patience = patience;
    }

    /// A request.
    ///
    /// @param target path and query as they stand in the request line
    /// @param headers as sent; Host and Content-Length are added unless they are there
    @SuppressWarnings("ArrayRecordComponent")
    record Request(
            String method, String target, Map<String, String> headers, byte @Nullable [] body) {
        Request {
            headers = Map.copyOf(headers);
        }
    }

    Reply send(Request request) throws IOException {
        try (Socket socket = new Socket()) {
            int millis = Math.toIntExact(patience.toMillis());
            socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), millis);
            socket.setSoTimeout(millis);
            OutputStream out = socket.getOutputStream();
            out.write(head(request).getBytes(StandardCharsets.UTF_8));
            if (request.body() != null) {
                out.write(request.body());
            }
            out.flush();
            return read(new BufferedInputStream(socket.getInputStream()), request.method());
        }
    }

    private String head(Request request) {
        StringBuilder head = new StringBuilder();
        head.append(request.method()).append(' ').append(request.target()).append(" HTTP/1.1\r\n");
        if (!request.headers().containsKey("Host")) {
            head.append("Host: ").append(server.getRawAuthority()).append("\r\n");
        }
        request.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        byte[] body = request.body();
        if (body != null || request.method().startsWith("P")) {
            head.append("Content-Length: ").append(body == null ? 0 : body.length).append("\r\n");
        }
        return head.append("\r\n").toString();
    }

    private static Reply read(InputStream in, String method) throws IOException {
        int status = status(line(in));
        Map<String, String> headers = headers(in);
        while (status == 100) {
            status = status(line(in));
            headers = headers(in);
        }
        boolean empty = method.equals("HEAD") || status == 204 || status == 304;
        return new Reply(status, headers, empty ? new byte[0] : body(in, headers));
    }

    private static int status(String line) throws IOException {
        String[] parts = line.split(" ", 3);
        if (parts.length < 2 || !parts[0].startsWith("HTTP/1.")) {
            throw new IOException("no HTTP status line: \"" + line + "\"");
        }
        return Integer.parseInt(parts[1]);
    }

    private static Map<String, String> headers(InputStream in) throws IOException {
        Map<String, String> headers = new HashMap<>();
        for (String line = line(in); !line.isEmpty(); line = line(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return headers;
    }

    private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equalsIgnoreCase("chunked")) {
            return chunks(in);
        }
        String length = headers.get("content-length");
        return length == null ? in.readAllBytes() : exactly(in, Integer.parseInt(length));
    }

    private static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int length = Integer.parseInt(line(in).split(";", 2)[0].strip(), 16);
            if (length == 0) {
                headers(in);
                return body.toByteArray();
            }
            body.write(exactly(in, length));
            line(in);
        }
    }

    private static byte[] exactly(InputStream in, int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer ended after " + bytes.length + " of " + length);
        }
        return bytes;
    }

    private static String line(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0 || line.size() > LINE_LIMIT) {
                throw new EOFException("the answer ended within a line: " + line);
            }
            line.write(b);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
