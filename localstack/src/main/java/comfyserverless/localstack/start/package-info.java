/// What happens before the local stack answers: the data folder, checks of the machine, what to say about it.
@NullMarked
package comfyserverless.localstack.start;

import org.jspecify.annotations.NullMarked;
