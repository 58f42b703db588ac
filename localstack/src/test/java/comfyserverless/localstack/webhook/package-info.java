/// Webhooks of the running local stack, received by a server of these tests.
@NullMarked
package comfyserverless.localstack.webhook;

import org.jspecify.annotations.NullMarked;
