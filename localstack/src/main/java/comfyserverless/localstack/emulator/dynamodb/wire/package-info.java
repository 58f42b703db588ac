/// Attribute values: their JSON, sizes, numbers and key order.
@NullMarked
package comfyserverless.localstack.emulator.dynamodb.wire;

import org.jspecify.annotations.NullMarked;
