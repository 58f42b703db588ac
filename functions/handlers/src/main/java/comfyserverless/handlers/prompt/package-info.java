/// Queueing a prompt: POST /prompt.
@NullMarked
package comfyserverless.handlers.prompt;

import org.jspecify.annotations.NullMarked;
