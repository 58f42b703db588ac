/// LocalStack itself, from PyPI, for the tests that run on it.
@NullMarked
package comfyserverless.localstack.real;

import org.jspecify.annotations.NullMarked;
