/// The local stack: everything of comfy-serverless in one JVM.
@NullMarked
package comfyserverless.localstack;

import org.jspecify.annotations.NullMarked;
