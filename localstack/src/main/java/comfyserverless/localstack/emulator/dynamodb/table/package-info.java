/// Tables and their indexes on the byte store.
@NullMarked
package comfyserverless.localstack.emulator.dynamodb.table;

import org.jspecify.annotations.NullMarked;
