package comfyserverless.handlers.webhook;

import comfyserverless.contract.webhook.WebhookAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HeaderElements;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.MessageConstraintException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.ssl.SSLContexts;

/// Calls by Apache's HttpClient, each over a connection of its own to an address that was looked at: the name is
/// resolved once, each of its addresses must be allowed, and the socket goes to one of these, so that no second
/// answer of a name server leads elsewhere. Certificates are checked against the name. Nothing is followed and
/// nothing is sent twice.
///
/// The answer's body is not read: its status and `Retry-After` are all that counts.
public final class ApacheCaller implements Caller {
    private final WebhookAddresses addresses;
    private final Resolver resolver;
    private final CloseableHttpClient client;
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
    public ApacheCaller(
            WebhookAddresses addresses,
            Resolver resolver,
            SSLContext tls,
            Limits limits,
            ScheduledExecutorService watch) {
        this.addresses = addresses;
        this.resolver = resolver;
        this.client = PlainClient.with(tls, limits.connect());
        this.limits = limits;
        this.watch = watch;
    }

    /// Asks this machine's name servers and trusts whom it trusts.
    public static ApacheCaller ofTheInternet(
            WebhookAddresses addresses, ScheduledExecutorService watch) {
        return new ApacheCaller(
                addresses,
                InetAddress::getAllByName,
                SSLContexts.createSystemDefault(),
                Limits.STANDARD,
                watch);
    }

    @Override
    public Answer post(URI url, Map<String, String> headers, byte[] body) throws IOException {
        String host = unbracketed(url.getHost());
        InetAddress[] found = resolver.resolve(host);
        for (InetAddress address : found) {
            if (!addresses.allows(address)) {
                throw new IOException(
                        host + " leads to " + address.getHostAddress() + ", which is not called");
            }
        }
        HttpPost post = new HttpPost(url);
        headers.forEach(post::setHeader);
        post.setHeader(HttpHeaders.CONNECTION, HeaderElements.CLOSE);
        post.setEntity(new ByteArrayEntity(body, null));
        ScheduledFuture<?> end =
                watch.schedule(post::cancel, limits.whole().toMillis(), TimeUnit.MILLISECONDS);
        try {
            return first(post, host, found);
        } catch (IOException | IllegalStateException e) {
            // Cancelled it is before its connection is closed; between two steps of the client that
            // is an illegal state.
            if (post.isCancelled()) {
                throw new SocketTimeoutException(
                        "no answer within " + limits.whole().toSeconds() + " s");
            }
            throw e;
        } finally {
            end.cancel(false);
        }
    }

    private static String unbracketed(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    /// The answer of the first address to which there is a connection.
    private Answer first(HttpPost post, String host, InetAddress[] found) throws IOException {
        IOException last = new UnknownHostException("the name leads to no address");
        for (InetAddress address : found) {
            int port = post.getAuthority().getPort();
            HttpHost target = new HttpHost(post.getScheme(), address, host, port);
            HttpClientContext context = HttpClientContext.create();
            try {
                return answer(
                        CloseableHttpResponse.adapt(client.executeOpen(target, post, context)));
            } catch (MessageConstraintException e) {
                throw new IOException(PlainClient.TOO_LONG, e);
            } catch (ClientProtocolException e) {
                throw new IOException("the answer is no HTTP/1.1", e);
            } catch (IOException e) {
                if (context.getEndpointDetails() != null) {
                    throw e; // there was a connection
                }
                last = e;
            }
        }
        throw last;
    }

    private static Answer answer(CloseableHttpResponse response) {
        try {
            return new Answer(
                    response.getCode(),
                    Optional.ofNullable(response.getFirstHeader(HttpHeaders.RETRY_AFTER))
                            .map(Header::getValue)
                            .orElse(""));
        } finally {
            response.close(CloseMode.IMMEDIATE); // any other way would read the body to its end
        }
    }
}
