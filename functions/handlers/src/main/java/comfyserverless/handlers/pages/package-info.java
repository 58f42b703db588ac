/// The page and what node packs bring for it: /, /extensions, /workflow_templates.
@NullMarked
package comfyserverless.handlers.pages;

import org.jspecify.annotations.NullMarked;
