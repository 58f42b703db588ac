/// [comfyserverless.contract.table.Table] on DynamoDB.
@NullMarked
package comfyserverless.aws.dynamo;

import org.jspecify.annotations.NullMarked;
