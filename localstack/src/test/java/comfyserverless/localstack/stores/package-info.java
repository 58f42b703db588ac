/// The ports' contract tests against the embedded stores, through the real SDK.
@NullMarked
package comfyserverless.localstack.stores;

import org.jspecify.annotations.NullMarked;
