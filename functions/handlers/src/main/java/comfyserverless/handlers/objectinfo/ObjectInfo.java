package comfyserverless.handlers.objectinfo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeInfo;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;

/// `GET /object_info` and `/object_info/{class}`: what nodes there are and what they take.
public final class ObjectInfo {
    private final Nodes nodes;
    private final Models models;
    private final Files files;

    public ObjectInfo(Nodes nodes, Models models, Files files) {
        this.nodes = nodes;
        this.models = models;
        this.files = files;
    }

    public Response all(Call call) {
        TenantLists lists = new TenantLists(call.tenant(), models, files);
        ObjectNode body = Json.object();
        for (NodeDefinition node : nodes.current().definitions().values()) {
            body.set(node.className(), NodeInfo.write(node, lists));
        }
        return Response.json(body);
    }

    /// An unknown class is an empty object.
    public Response one(Call call) {
        TenantLists lists = new TenantLists(call.tenant(), models, files);
        ObjectNode body = Json.object();
        nodes.current()
                .find(call.variable("node_class"))
                .ifPresent(node -> body.set(node.className(), NodeInfo.write(node, lists)));
        return Response.json(body);
    }
}
