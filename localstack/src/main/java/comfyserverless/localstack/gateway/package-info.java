/// API Gateway on this machine: HTTP and WebSocket traffic as events for the functions, with its
/// limits.
@NullMarked
package comfyserverless.localstack.gateway;

import org.jspecify.annotations.NullMarked;
