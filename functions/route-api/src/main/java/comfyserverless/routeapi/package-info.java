/// The SPI of route packs: routes and messages of one's own, beside ComfyUI's. A pack depends on this and
/// on the contract only; [comfyserverless.routeapi.RouteExtension] is where it begins.
@NullMarked
package comfyserverless.routeapi;

import org.jspecify.annotations.NullMarked;
