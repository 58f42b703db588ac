/// The command line for who runs a deployment, against a local stack that runs.
@NullMarked
package comfyserverless.localstack.admin;

import org.jspecify.annotations.NullMarked;
