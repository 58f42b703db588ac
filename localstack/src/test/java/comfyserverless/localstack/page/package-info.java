/// The page, as a person in front of a browser meets it.
@NullMarked
package comfyserverless.localstack.page;

import org.jspecify.annotations.NullMarked;
