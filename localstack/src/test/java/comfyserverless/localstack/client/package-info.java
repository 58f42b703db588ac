/// Clients that others wrote, against the local stack.
@NullMarked
package comfyserverless.localstack.client;

import org.jspecify.annotations.NullMarked;
