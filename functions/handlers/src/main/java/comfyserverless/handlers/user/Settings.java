package comfyserverless.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Response;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// `/settings` and `/settings/{id}`: the front end's settings of a user, kept as ComfyUI keeps them,
/// in the user's file `comfy.settings.json`.
public final class Settings {
    private static final String FILE = "comfy.settings.json";

    private final Users users;
    private final UserFiles files;

    public Settings(Users users, UserFiles files) {
        this.users = users;
        this.files = files;
    }

    public Response all(Call call) {
        return asUser(call, owner -> Response.json(read(owner)));
    }

    /// An unknown setting is null.
    public Response one(Call call) {
        return asUser(
                call,
                owner -> {
                    JsonNode value = read(owner).get(call.variable("id"));
                    return Response.json(value == null ? NullNode.instance : value);
                });
    }

    public Response change(Call call) {
        ObjectNode changes = call.request().jsonObject();
        return write(call, settings -> settings.setAll(changes));
    }

    public Response set(Call call) {
        JsonNode value = call.request().json();
        return write(call, settings -> settings.set(call.variable("id"), value));
    }

    private Response write(Call call, Consumer<ObjectNode> change) {
        return asUser(
                call,
                owner -> {
                    ObjectNode settings = read(owner);
                    change.accept(settings);
                    files.write(owner, FILE, Json.writeBytes(settings));
                    return Response.empty(200);
                });
    }

    private Response asUser(Call call, Function<UserFiles.User, Response> answer) {
        return users.of(call).map(answer).orElseGet(() -> Response.text(401, "401: Unauthorized"));
    }

    private ObjectNode read(UserFiles.User owner) {
        Optional<byte[]> file = files.read(owner, FILE);
        return file.isPresent() && Json.readStored(file.get()) instanceof ObjectNode settings
                ? settings
                : Json.object();
    }
}
