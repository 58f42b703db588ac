package comfyserverless.handlers.system;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.catalogue.Runners;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.HandlerSettings;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.Response;
import java.util.List;
import java.util.Optional;

/// `GET /system_stats`: the devices are those of the runners last heard of; where none is alive
/// `vram_free` is 0.
public final class SystemStats implements Endpoint {
    private final Runners runners;
    private final HandlerSettings settings;

    public SystemStats(Runners runners, HandlerSettings settings) {
        this.runners = runners;
        this.settings = settings;
    }

    @Override
    public Response answer(Call call) {
        List<Runners.Report> known = runners.known();
        Optional<Runners.Report> newest = known.stream().findFirst();
        ObjectNode body = Json.object();
        ObjectNode system = body.putObject("system");
        system.put("os", "posix");
        system.put("ram_total", newest.map(Runners.Report::ramTotal).orElse(0L));
        system.put(
                "ram_free", newest.filter(runners::alive).map(Runners.Report::ramFree).orElse(0L));
        system.put("comfyui_version", HandlerSettings.COMFYUI_VERSION);
        system.put("required_frontend_version", HandlerSettings.FRONTEND_VERSION);
        system.put("python_version", "none (Java " + Runtime.version() + ")");
        system.put("pytorch_version", newest.map(Runners.Report::torchVersion).orElse(""));
        system.put("embedded_python", false);
        ArrayNode arguments = system.putArray("argv");
        settings.arguments().forEach(arguments::add);
        ArrayNode devices = body.putArray("devices");
        for (Runners.Report report : known) {
            boolean alive = runners.alive(report);
            report.devices().forEach(device -> devices.add(device(device, alive)));
        }
        return Response.json(body);
    }

    private static ObjectNode device(Runners.Device device, boolean alive) {
        ObjectNode json = Json.object().put("name", device.name()).put("type", device.type());
        if (device.index() < 0) {
            json.putNull("index");
        } else {
            json.put("index", device.index());
        }
        return json.put("vram_total", device.vramTotal())
                .put("vram_free", alive ? device.vramFree() : 0)
                .put("torch_vram_total", device.torchVramTotal())
                .put("torch_vram_free", alive ? device.torchVramFree() : 0);
    }
}
