package comfyserverless.handlers.webhook;

import comfyserverless.contract.webhook.WebhookAddresses;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// One POST over a connection of its own, to an address that was looked at: the name is resolved once, each
/// of its addresses must be allowed, and the socket goes to one of these, so that no second answer of a name
/// server leads elsewhere. Certificates are checked against the name. Nothing is followed.
///
/// The answer's body is not read: its status and `Retry-After` are all that counts.
public final class OneCall implements Caller {
    private static final int LONGEST_HEAD = 16 * 1024;
    private static final int HTTPS = 443;
    private static final int HTTP = 80;

    private final WebhookAddresses addresses;
    private final Resolver resolver;
    private final SSLSocketFactory tls;
    private final Limits limits;
    private final ScheduledExecutorService watch;

    /// How long a call may take.
    ///
    /// @param connect for one address
    /// @param whole from the resolved name to the answer's head
    public record Limits(Duration connect, Duration whole) {
        public static final Limits STANDARD =
                new Limits(Duration.ofSeconds(5), Duration.ofSeconds(15));
    }

    /// Leads names to addresses.
    @FunctionalInterface
    public interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /// Calls as far as `addresses` allow.
    ///
    /// @param watch ends calls that take too long
    public OneCall(
            WebhookAddresses addresses,
            Resolver resolver,
            SSLSocketFactory tls,
            Limits limits,
            ScheduledExecutorService watch) {
        this.addresses = addresses;
        this.resolver = resolver;
        this.tls = tls;
        this.limits = limits;
        this.watch = watch;
    }

    @Override
    public Answer post(URI url, Map<String, String> headers, byte[] body) throws IOException {
        String host = url.getHost();
        InetAddress[] found = resolver.resolve(unbracketed(host));
        for (InetAddress address : found) {
            if (!addresses.allows(address)) {
                throw new IOException(
                        host + " leads to " + address.getHostAddress() + ", which is not called");
            }
        }
        boolean secure = url.getScheme().equalsIgnoreCase("https");
        int port = url.getPort() != -1 ? url.getPort() : secure ? HTTPS : HTTP;
        try (Socket plain = connected(found, port)) {
            AtomicBoolean late = new AtomicBoolean();
            ScheduledFuture<?> end =
                    watch.schedule(
                            () -> {
                                late.set(true); // before the close that the caller notices
                                close(plain);
                            },
                            limits.whole().toMillis(),
                            TimeUnit.MILLISECONDS);
            try {
                Socket socket = secure ? secured(plain, host, port) : plain;
                send(socket.getOutputStream(), url, headers, body);
                return head(new BufferedInputStream(socket.getInputStream()));
            } catch (IOException e) {
                if (late.get()) {
                    throw new SocketTimeoutException(
                            "no answer within " + limits.whole().toSeconds() + " s");
                }
                throw e;
            } finally {
                end.cancel(false);
            }
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// The addresses in their order, as far as the first that answers.
    private Socket connected(InetAddress[] found, int port) throws IOException {
        IOException last = new UnknownHostException("the name leads to no address");
        for (InetAddress address : found) {
            Socket socket = new Socket();
            try {
                socket.connect(
                        new InetSocketAddress(address, port),
                        Math.toIntExact(limits.connect().toMillis()));
                socket.setSoTimeout(Math.toIntExact(limits.whole().toMillis()));
                return socket;
            } catch (IOException e) {
                close(socket);
                last = e;
            }
        }
        throw last;
    }

    private Socket secured(Socket plain, String host, int port) throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, unbracketed(host), port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        return socket;
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is closed either way
            return;
        }
    }

    private static void send(OutputStream out, URI url, Map<String, String> headers, byte[] body)
            throws IOException {
        String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        String port = url.getPort() == -1 ? "" : ":" + url.getPort();
        StringBuilder head = new StringBuilder();
        head.append("POST ").append(path).append(query).append(" HTTP/1.1\r\n");
        head.append("host: ").append(url.getHost()).append(port).append("\r\n");
        head.append("connection: close\r\n");
        head.append("content-length: ").append(body.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        out.write(head.toString().getBytes(StandardCharsets.US_ASCII));
        out.write(body);
        out.flush();
    }

    /// The first answer that is not an interim one.
    private static Answer head(InputStream in) throws IOException {
        int left = LONGEST_HEAD;
        while (true) {
            String status = line(in, left);
            left -= status.length() + 2;
            int code = code(status);
            String retryAfter = "";
            String line = line(in, left);
            while (!line.isEmpty()) {
                left -= line.length() + 2;
                int colon = line.indexOf(':');
                if (colon > 0
                        && line.substring(0, colon)
                                .toLowerCase(Locale.ROOT)
                                .equals("retry-after")) {
                    retryAfter = line.substring(colon + 1).strip();
                }
                line = line(in, left);
            }
            if (code >= 200) {
                return new Answer(code, retryAfter);
            }
        }
    }

    private static int code(String status) throws IOException {
        String[] words = status.split(" ", 3);
        if (words.length < 2
                || !words[0].startsWith("HTTP/1.")
                || !words[1].matches("[1-5]\\d\\d")) {
            throw new IOException("the answer is no HTTP/1.1");
        }
        return Integer.parseInt(words[1]);
    }

    private static String line(InputStream in, int most) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the connection ended before the answer did");
            }
            if (line.length() >= most) {
                throw new IOException("the answer's head has more than 16 KiB");
            }
            line.append((char) next);
        }
        int length = line.length();
        return length > 0 && line.charAt(length - 1) == '\r'
                ? line.substring(0, length - 1)
                : line.toString();
    }
}
