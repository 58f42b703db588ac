package comfyserverless.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Response;
import java.util.Optional;
import java.util.function.Supplier;

/// `GET` and `POST /users`, and which user a request comes from (user_manager.py, ComfyUI 0.3.64): in
/// multi-user mode the header `comfy-user` says it, else there is one user.
public final class Users {
    /// The one user of single-user mode.
    public static final String DEFAULT = "default";

    private static final String HEADER = "comfy-user";
    private static final String LIST = "users.json";

    /// No user's id begins with a dot: ids are made here.
    private static final String KEEPER = ".users";

    private final UserFiles files;
    private final Supplier<String> ids;
    private final boolean several;

    /// The users of each tenant.
    ///
    /// @param ids new canonical UUIDs
    /// @param several whether each tenant has users of its own making
    public Users(UserFiles files, Supplier<String> ids, boolean several) {
        this.files = files;
        this.ids = ids;
        this.several = several;
    }

    /// The user who asks: whom the authentication names, else the header; empty if that names none that there is.
    public Optional<UserFiles.User> of(Call call) {
        String named = call.caller().user();
        if (named != null) {
            return Optional.of(new UserFiles.User(call.tenant(), named));
        }
        String user = several ? call.request().header(HEADER).orElse(DEFAULT) : DEFAULT;
        boolean known = !several || all(call.tenant()).has(user);
        return known ? Optional.of(new UserFiles.User(call.tenant(), user)) : Optional.empty();
    }

    public Response list(Call call) {
        ObjectNode body = Json.object().put("storage", "server");
        String named = call.caller().user();
        if (several && named == null) {
            body.set("users", all(call.tenant()));
        } else {
            String user = named == null ? DEFAULT : named;
            UserFiles.User owner = new UserFiles.User(call.tenant(), user);
            body.put("migrated", !files.list(owner, "").isEmpty());
        }
        return Response.json(body);
    }

    public Response add(Call call) {
        if (!several) {
            throw HttpProblem.badRequest(
                    "single_user", "This server has one user", "it does not run with --multi-user");
        }
        String name = call.request().jsonObject().path("username").asText("").strip();
        if (name.isEmpty()) {
            throw HttpProblem.badRequest(
                    "invalid_username", "The username is missing", "\"username\" must be a text");
        }
        ObjectNode users = all(call.tenant());
        for (JsonNode taken : users) {
            if (taken.asText().equals(name)) {
                return Response.json(400, Json.object().put("error", "Duplicate username."));
            }
        }
        String id = name.replaceAll("[^a-zA-Z0-9-_]+", "-") + "_" + ids.get();
        users.put(id, name);
        files.write(keeper(call.tenant()), LIST, Json.writeBytes(users));
        return Response.json(TextNode.valueOf(id));
    }

    private ObjectNode all(String tenant) {
        Optional<byte[]> list = files.read(keeper(tenant), LIST);
        return list.isPresent() && Json.readStored(list.get()) instanceof ObjectNode users
                ? users
                : Json.object();
    }

    private static UserFiles.User keeper(String tenant) {
        return new UserFiles.User(tenant, KEEPER);
    }
}
