/// What the protocol promises under load and loss, counted: short here, at full size by `localstack/reliability`.
@NullMarked
package comfyserverless.localstack.reliability;

import org.jspecify.annotations.NullMarked;
