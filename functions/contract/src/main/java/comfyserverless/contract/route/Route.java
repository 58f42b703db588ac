package comfyserverless.contract.route;

/// One row of the table of routes.
///
/// @param path segments with `{name}` for one segment and, last, `{name+}` for all that follow
/// @param name the operation, `family.verb`; unique
/// @param built whether every server has a class for it; a route without one is left out
public record Route(
        Method method,
        String path,
        Family family,
        String name,
        Access access,
        Prefix prefix,
        boolean built) {
    public Route {
        if (!path.startsWith("/")) {
            throw new IllegalArgumentException("route " + name + ": \"" + path + "\" has no slash");
        }
    }
}
