package comfyserverless.handlers.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.DefaultSchemePortResolver;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.impl.routing.DefaultRoutePlanner;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.util.Timeout;

/// Apache's HttpClient without all that it does by itself: it resolves no name, uses no connection twice, asks no
/// proxy, follows no redirect, repeats nothing, keeps no cookie, shows no password, and takes nothing for an answer
/// that does not begin as one. It waits as long as nobody cancels the call.
final class PlainClient {
    private static final int LONGEST_LINE_KIB = 16;
    private static final int MOST_HEADERS = 100;
    private static final int MOST_CALLS = 100;

    /// What is wrong with an answer that is not read to the end of its head.
    static final String TOO_LONG =
            "the answer's head has a line of more than "
                    + LONGEST_LINE_KIB
                    + " KiB or more than "
                    + MOST_HEADERS
                    + " headers";

    private PlainClient() {}

    /// A client for many calls at once.
    ///
    /// @param connect how long one address may take to open a connection, and again for TLS
    static CloseableHttpClient with(SSLContext tls, Duration connect) {
        return HttpClients.custom()
                .setConnectionManager(connections(tls, connect))
                .setConnectionReuseStrategy((_, _, _) -> false)
                .setDefaultRequestConfig(
                        RequestConfig.custom()
                                .setAuthenticationEnabled(false)
                                .setProtocolUpgradeEnabled(false)
                                .build())
                .setRoutePlanner(new DefaultRoutePlanner(DefaultSchemePortResolver.INSTANCE))
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableCookieManagement()
                .disableAuthCaching()
                .disableContentCompression()
                .disableDefaultUserAgent()
                .build();
    }

    private static HttpClientConnectionManager connections(SSLContext tls, Duration connect) {
        Http1Config head =
                Http1Config.custom()
                        .setMaxLineLength(LONGEST_LINE_KIB * 1024)
                        .setMaxHeaderCount(MOST_HEADERS)
                        .build();
        return PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(new NoNames())
                .setTlsSocketStrategy(
                        new DefaultClientTlsStrategy(
                                tls,
                                HostnameVerificationPolicy.BUILTIN, // the JDK checks the name
                                NoopHostnameVerifier.INSTANCE))
                .setConnectionFactory(
                        ManagedHttpClientConnectionFactory.builder()
                                .http1Config(head)
                                .responseParserFactory(new DefaultHttpResponseParserFactory(head))
                                .build())
                .setDefaultConnectionConfig(
                        ConnectionConfig.custom().setConnectTimeout(Timeout.of(connect)).build())
                .setMaxConnTotal(MOST_CALLS)
                .setMaxConnPerRoute(MOST_CALLS)
                .build();
    }

    /// Every call brings its address along: were a name asked for, it would be one that nobody looked at.
    private static final class NoNames implements DnsResolver {
        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            throw new UnknownHostException(host + " came without its address");
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }
}
