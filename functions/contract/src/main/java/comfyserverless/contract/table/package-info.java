/// The one table, as data: items, conditional writes and queries, with no SDK type in sight. What the
/// protocol decides is a [comfyserverless.contract.table.Write]; a
/// [comfyserverless.contract.table.Table] executes it.
@NullMarked
package comfyserverless.contract.table;

import org.jspecify.annotations.NullMarked;
