/// The shared ports on AWS SDK v2: DynamoDB, S3, SQS and API Gateway. The only module that imports
/// the SDK. [comfyserverless.aws.Aws] opens it all.
@NullMarked
package comfyserverless.aws;

import org.jspecify.annotations.NullMarked;
