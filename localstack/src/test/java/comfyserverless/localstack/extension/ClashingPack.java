package comfyserverless.localstack.extension;

import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.RouteAnswer;
import comfyserverless.routeapi.RouteExtension;
import java.util.List;

/// A pack that wants a route of the server.
public final class ClashingPack implements RouteExtension {
    @Override
    public String name() {
        return "clashing";
    }

    @Override
    public List<CustomRoute> routes() {
        return List.of(CustomRoute.post("/queue", request -> RouteAnswer.empty()));
    }
}
