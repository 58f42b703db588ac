package comfyserverless.localstack.gateway;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// How the local gateway listens and what it lets through.
///
/// @param host the address to listen on
/// @param port 0 takes a free one
/// @param originSecret what it sends to the functions, as CloudFront does, so that they believe its
///     extra headers
/// @param binaryFrames whether sockets may get true binary messages, which API Gateway cannot send
/// @param store where signed addresses of files lead; the gateway serves them under its own origin.
///     Null leaves redirects as they are
public record GatewaySettings(
        String host,
        int port,
        String originSecret,
        GatewayLimits limits,
        boolean binaryFrames,
        @Nullable URI store) {}
