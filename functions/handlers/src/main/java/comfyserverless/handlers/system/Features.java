package comfyserverless.handlers.system;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;

/// `GET /features`: what the server can; sockets get the same in answer to their own flags.
public final class Features implements Endpoint {
    private final HandlerSettings settings;

    public Features(HandlerSettings settings) {
        this.settings = settings;
    }

    @Override
    public Response answer(Call call) {
        return Response.json(flags(settings));
    }

    public static ObjectNode flags(HandlerSettings settings) {
        return Json.object()
                .put("supports_preview_metadata", true)
                .put("max_upload_size", settings.maxUpload());
    }
}
