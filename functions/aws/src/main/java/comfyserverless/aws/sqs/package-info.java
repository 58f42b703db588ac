/// Tickets in SQS.
@NullMarked
package comfyserverless.aws.sqs;

import org.jspecify.annotations.NullMarked;
