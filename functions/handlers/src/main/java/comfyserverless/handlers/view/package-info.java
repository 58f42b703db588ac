/// Files and pictures of them: /view.
@NullMarked
package comfyserverless.handlers.view;

import org.jspecify.annotations.NullMarked;
