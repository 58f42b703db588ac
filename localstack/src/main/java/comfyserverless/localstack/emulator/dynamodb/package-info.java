/// DynamoDB's API on that store; start at DynamoService.
@NullMarked
package comfyserverless.localstack.emulator.dynamodb;

import org.jspecify.annotations.NullMarked;
