/// Webhooks: taken from requests, made of ended jobs, sent to addresses of the internet.
@NullMarked
package comfyserverless.handlers.webhook;

import org.jspecify.annotations.NullMarked;
