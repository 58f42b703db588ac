package comfyserverless.localstack.stack;

import comfyserverless.aws.AwsSettings;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.SdkHttpClient;

/// Where the local stack keeps its state: stores of its own, or those behind an endpoint.
sealed interface Stores extends AutoCloseable permits OwnStores, EndpointStores {
    /// How the adapters reach them.
    ///
    /// @param management where sockets are posted to
    AwsSettings settings(@Nullable URI management, boolean binaryPosts);

    /// What carries the adapters' calls, made of the client for the network.
    default SdkHttpClient way(SdkHttpClient network) {
        return network;
    }

    /// Where signed addresses of files lead.
    URI objects();

    /// Whether table, buckets and queue have to be made at the start.
    boolean mustBeMade();

    /// Whether other processes may use them at the same time.
    boolean isShared();

    /// Ends the runners' waits for tickets, so that they can stop.
    void drain();

    @Override
    void close();
}
