/// What is refused before the start, and with which words.
@NullMarked
package comfyserverless.localstack.start;

import org.jspecify.annotations.NullMarked;
