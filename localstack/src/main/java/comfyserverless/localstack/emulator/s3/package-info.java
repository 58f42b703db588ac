/// S3 buckets in a folder.
@NullMarked
package comfyserverless.localstack.emulator.s3;

import org.jspecify.annotations.NullMarked;
