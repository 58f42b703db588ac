/// Numbers, sizes and key order.
@NullMarked
package comfyserverless.localstack.emulator.dynamodb.wire;

import org.jspecify.annotations.NullMarked;
