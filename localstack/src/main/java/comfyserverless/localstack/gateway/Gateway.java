package comfyserverless.localstack.gateway;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/// API Gateway on this machine: an HTTP server whose requests and sockets become events for the very
/// functions that Lambda runs, with API Gateway's limits.
///
/// ```
/// /ws, /api/ws        socket function   $connect, $default, $disconnect
/// /@connections/{id}  messages to sockets, called by the SDK
/// /_files/…           signed addresses of the object store
/// all else            http function     payload 2.0
/// ```
public final class Gateway implements AutoCloseable {
    private static final int HEADER_BYTES = 32 * 1024;
    private static final int THREADS = 16;
    private static final long LOOK_EVERY_SECONDS = 5;

    private final Server server;
    private final ServerConnector connector;
    private final Sockets sockets;
    private final GatewayLimits limits;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("gateway-clock").factory());

    private Gateway(
            Server server, ServerConnector connector, Sockets sockets, GatewayLimits limits) {
        this.limits = limits;
        this.server = server;
        this.connector = connector;
        this.sockets = sockets;
    }

    /// Starts listening.
    ///
    /// @throws UncheckedIOException if the port is taken
    public static Gateway start(
            GatewaySettings settings, RequestStreamHandler http, RequestStreamHandler socket) {
        QueuedThreadPool threads = new QueuedThreadPool(THREADS);
        threads.setName("gateway");
        threads.setDaemon(true);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        Server server = new Server(threads);
        HttpConfiguration configuration = new HttpConfiguration();
        configuration.setSendServerVersion(false);
        configuration.setRequestHeaderSize(HEADER_BYTES);
        configuration.setResponseHeaderSize(HEADER_BYTES);
        // A %2F in a segment is part of a name here, and reaches the function as it was sent.
        configuration.setUriCompliance(UriCompliance.UNSAFE);
        ServerConnector connector =
                new ServerConnector(server, new HttpConnectionFactory(configuration));
        connector.setHost(settings.host());
        connector.setPort(settings.port());
        server.addConnector(connector);
        ServerWebSocketContainer container = ServerWebSocketContainer.ensure(server);
        Sockets sockets = new Sockets(Clock.systemUTC(), new SecureRandom());
        SignedFiles files = new SignedFiles(settings.store(), settings.originSecret());
        server.setHandler(
                new Handler.Sequence(
                        new SocketTraffic(container, new SocketFunction(socket), sockets, settings),
                        new ConnectionsApi(sockets, settings),
                        files,
                        new HttpTraffic(http, settings, files)));
        Gateway gateway = new Gateway(server, connector, sockets, settings.limits());
        gateway.run();
        return gateway;
    }

    private void run() {
        try {
            server.start();
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        } catch (Exception e) {
            throw new IllegalStateException("the gateway does not start", e);
        }
        ScheduledFuture<?> _ =
                clock.scheduleAtFixedRate(
                        () -> sockets.expire(limits),
                        LOOK_EVERY_SECONDS,
                        LOOK_EVERY_SECONDS,
                        TimeUnit.SECONDS);
    }

    Sockets sockets() {
        return sockets;
    }

    GatewayLimits limits() {
        return limits;
    }

    /// The port that it listens on.
    public int port() {
        return connector.getLocalPort();
    }

    /// Where it answers, `http://host:port`.
    public URI address() {
        return URI.create("http://" + connector.getHost() + ":" + port());
    }

    /// How many sockets are open.
    public int openSockets() {
        return sockets.count();
    }

    @Override
    public void close() {
        clock.shutdownNow();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the gateway does not stop", e);
        }
    }
}
