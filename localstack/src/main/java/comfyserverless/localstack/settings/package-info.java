/// The command line of the local stack, read once into one record.
@NullMarked
package comfyserverless.localstack.settings;

import org.jspecify.annotations.NullMarked;
