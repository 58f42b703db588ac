/// Every port in memory, for tests: the same protocol as in production on a table that is a map.
@NullMarked
package comfyserverless.contract.fake;

import org.jspecify.annotations.NullMarked;
