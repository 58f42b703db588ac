/// The user's folders of inputs and outputs.
@NullMarked
package comfyserverless.localstack.files;

import org.jspecify.annotations.NullMarked;
