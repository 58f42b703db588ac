/// Programs from PyPI that tests start.
@NullMarked
package comfyserverless.localstack.python;

import org.jspecify.annotations.NullMarked;
