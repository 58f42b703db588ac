/// What the embedded services share: AWS's JSON protocol over HTTP, its errors, and injected faults.
@NullMarked
package comfyserverless.localstack.emulator.aws;

import org.jspecify.annotations.NullMarked;
