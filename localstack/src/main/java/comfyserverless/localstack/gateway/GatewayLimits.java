package comfyserverless.localstack.gateway;

import comfyserverless.contract.event.Post;
import java.time.Duration;

/// The limits of API Gateway and Lambda (looked up November 2026), enforced so that what works here
/// works there.
///
/// @param httpBody bytes of a request's body (HTTP API)
/// @param event bytes of an encoded event or answer (Lambda)
/// @param message bytes of a WebSocket message
/// @param frame bytes of a WebSocket frame that a client sends
/// @param idle how long a socket may be silent
/// @param life how long a socket may live
public record GatewayLimits(
        int httpBody, int event, int message, int frame, Duration idle, Duration life) {
    public static final GatewayLimits AWS =
            new GatewayLimits(
                    10 << 20,
                    6 << 20,
                    Post.LARGEST,
                    32 << 10,
                    Duration.ofMinutes(10),
                    Duration.ofHours(2));

    /// Only what keeps one client from filling the memory.
    public static final GatewayLimits NONE =
            new GatewayLimits(
                    512 << 20,
                    1 << 30,
                    64 << 20,
                    64 << 20,
                    Duration.ofDays(1),
                    Duration.ofDays(30));
}
