/// Tests of what S3 needs no network for.
@NullMarked
package comfyserverless.aws.s3;

import org.jspecify.annotations.NullMarked;
