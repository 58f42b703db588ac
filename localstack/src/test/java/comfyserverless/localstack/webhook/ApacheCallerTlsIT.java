package comfyserverless.localstack.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import comfyserverless.contract.webhook.WebhookAddresses;
import comfyserverless.handlers.webhook.ApacheCaller;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Webhooks over TLS: the socket goes to an address that was looked up before, and the name counts all the same.
class ApacheCallerTlsIT {
    private static final char[] PASSWORD = "password".toCharArray();

    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor();

    @AfterEach
    void end() {
        watch.close();
    }

    private ApacheCaller trusting(SSLContext tls) {
        return new ApacheCaller(
                new WebhookAddresses(true),
                _ -> new InetAddress[] {InetAddress.ofLiteral("127.0.0.1")},
                tls,
                ApacheCaller.Limits.STANDARD,
                watch);
    }

    private static int status(ApacheCaller call, String url) throws IOException {
        return call.post(URI.create(url), Map.of(), new byte[0]).status();
    }

    @Test
    void a_certificate_counts_for_its_own_name_only(@TempDir Path folder) throws Exception {
        SSLContext context = certifiedFor("right.example.org", folder);
        HttpsServer server =
                HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 8);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        server.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        try {
            String right = "https://right.example.org:" + server.getAddress().getPort() + "/";
            assertThat(status(trusting(context), right)).isEqualTo(200);
            String wrong = right.replace("right", "wrong");
            assertThatThrownBy(() -> status(trusting(context), wrong))
                    .isInstanceOf(SSLException.class);
            assertThatThrownBy(() -> status(trusting(SSLContext.getDefault()), right))
                    .isInstanceOf(SSLException.class);
        } finally {
            server.stop(0);
        }
    }

    /// Shows, and trusts, a certificate of this name.
    private static SSLContext certifiedFor(String name, Path folder)
            throws IOException, InterruptedException, GeneralSecurityException {
        Path file = folder.resolve("keys.p12");
        Process keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "hook",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=" + name,
                                "-ext",
                                "san=dns:" + name,
                                "-keystore",
                                file.toString(),
                                "-storepass",
                                new String(PASSWORD))
                        .inheritIO()
                        .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(file)) {
            keys.load(in, PASSWORD);
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, PASSWORD);
        trusted.setCertificateEntry("hook", keys.getCertificate("hook"));
        KeyManagerFactory own = KeyManagerFactory.getInstance("PKIX");
        own.init(keys, PASSWORD);
        TrustManagerFactory others = TrustManagerFactory.getInstance("PKIX");
        others.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(own.getKeyManagers(), others.getTrustManagers(), null);
        return context;
    }
}
