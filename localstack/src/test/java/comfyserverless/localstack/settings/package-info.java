/// The command line, read purely.
@NullMarked
package comfyserverless.localstack.settings;

import org.jspecify.annotations.NullMarked;
