package comfyserverless.handlers.objectinfo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.model.Models;
import comfyserverless.contract.node.FolderLists;
import comfyserverless.contract.node.NodeDefinition;
import comfyserverless.contract.node.NodeInfo;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Finish;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;

/// `GET /object_info` and `/object_info/{class}`: what nodes there are and what they take.
public final class ObjectInfo {
    private final Nodes nodes;
    private final Models models;
    private final Files files;
    private final KeptAnswers kept = new KeptAnswers();

    public ObjectInfo(Nodes nodes, Models models, Files files) {
        this.nodes = nodes;
        this.models = models;
        this.files = files;
    }

    public Response all(Call call) {
        Nodes.Known known = nodes.current();
        TenantLists lists = new TenantLists(call.tenant(), models, files);
        KeptAnswers.Encoded answer =
                kept.answer(call.tenant(), known.digest(), lists, shown -> json(known, shown));
        Request request = call.request();
        boolean same = request.header("if-none-match").orElse("").contains(answer.etag());
        Response whole =
                Finish.takesGzip(request)
                        ? Response.bytes(200, Response.JSON, answer.gzip())
                                .with("content-encoding", "gzip")
                        : Response.bytes(200, Response.JSON, answer.json());
        return (same ? Response.empty(304) : whole)
                .with("etag", answer.etag())
                .with("vary", "accept-encoding");
    }

    private static byte[] json(Nodes.Known known, FolderLists lists) {
        ObjectNode body = Json.object();
        for (NodeDefinition node : known.definitions().values()) {
            body.set(node.className(), NodeInfo.write(node, lists));
        }
        return Json.writeBytes(body);
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
