/// AWS's stores in this JVM: DynamoDB, SQS and S3 endpoints on loopback ports that the real SDK clients talk to.
@NullMarked
package comfyserverless.localstack.emulator;

import org.jspecify.annotations.NullMarked;
