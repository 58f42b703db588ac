/// Lists of model files: /models, /embeddings, /experiment/models, /view_metadata.
@NullMarked
package comfyserverless.handlers.model;

import org.jspecify.annotations.NullMarked;
