/// Bytes and models in S3.
@NullMarked
package comfyserverless.aws.s3;

import org.jspecify.annotations.NullMarked;
