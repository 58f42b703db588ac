/// SQS queues on the byte store.
@NullMarked
package comfyserverless.localstack.emulator.sqs;

import org.jspecify.annotations.NullMarked;
