/// DynamoDB's expression language: parser, conditions, updates, projections.
@NullMarked
package comfyserverless.localstack.emulator.dynamodb.expression;

import org.jspecify.annotations.NullMarked;
