/// Model files where the user keeps them.
@NullMarked
package comfyserverless.localstack.models;

import org.jspecify.annotations.NullMarked;
