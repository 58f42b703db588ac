package comfyserverless.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.file.UnixTime;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.FileAnswer;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.MimeTypes;
import comfyserverless.handlers.http.Response;
import java.util.Optional;

/// `GET`, `POST` and `DELETE /userdata/{file}` and `POST /userdata/{file}/move/{dest}`
/// (user_manager.py, ComfyUI 0.3.64).
public final class UserData {
    private static final String EXISTS = "File already exists";

    private final Users users;
    private final UserFiles files;

    public UserData(Users users, UserFiles files) {
        this.users = users;
        this.files = files;
    }

    public Response read(Call call) {
        UserFiles.User owner = owner(call);
        Path path = path(call, "file");
        return switch (path) {
            case Path.Outside outside -> Response.empty(403);
            case Path.Impossible impossible -> Response.empty(404);
            case Path.Inside inside when inside.path().isEmpty() -> Response.empty(403);
            case Path.Inside inside -> read(call, owner, inside.path());
        };
    }

    private Response read(Call call, UserFiles.User owner, String path) {
        Optional<UserFiles.UserFile> file = files.find(owner, path);
        Optional<byte[]> bytes = file.flatMap(f -> files.read(owner, path));
        if (file.isEmpty() || bytes.isEmpty()) {
            return isFolder(owner, path) ? Response.noFile().withStatus(403) : Response.empty(404);
        }
        Response response =
                FileAnswer.of(
                                call.request(),
                                MimeTypes.ofStored(path),
                                file.get().modified(),
                                bytes.get())
                        .with("content-security-policy", "sandbox; default-src 'none'");
        // The page links its user's style sheet; all else is data, never a page of ours.
        return path.equals("user.css")
                ? response
                : response.with("content-disposition", "attachment");
    }

    public Response write(Call call) {
        UserFiles.User owner = owner(call);
        return switch (path(call, "file")) {
            case Path.Outside outside -> Response.empty(403);
            case Path.Impossible impossible -> Response.empty(400);
            case Path.Inside inside -> write(call, owner, inside.path());
        };
    }

    private Response write(Call call, UserFiles.User owner, String path) {
        if (cannotBeFile(owner, path)) {
            return keeps(call) && isFolder(owner, path)
                    ? Response.text(409, EXISTS)
                    : Response.empty(400);
        }
        byte[] bytes = call.request().body();
        Optional<UserFiles.UserFile> written =
                keeps(call)
                        ? files.writeIfAbsent(owner, path, bytes)
                        : Optional.of(files.write(owner, path, bytes));
        return written.map(file -> told(call, file)).orElseGet(() -> Response.text(409, EXISTS));
    }

    public Response delete(Call call) {
        UserFiles.User owner = owner(call);
        return switch (path(call, "file")) {
            case Path.Outside outside -> Response.empty(403);
            case Path.Impossible impossible -> Response.empty(404);
            case Path.Inside inside -> {
                if (files.delete(owner, inside.path())) {
                    yield Response.empty(204);
                }
                refuseFolder(owner, inside.path());
                yield Response.empty(404);
            }
        };
    }

    public Response move(Call call) {
        UserFiles.User owner = owner(call);
        return switch (path(call, "file")) {
            case Path.Outside outside -> Response.empty(403);
            case Path.Impossible impossible -> Response.empty(404);
            case Path.Inside inside ->
                    files.find(owner, inside.path()).isPresent()
                            ? move(call, owner, inside.path())
                            : Response.empty(404);
        };
    }

    private Response move(Call call, UserFiles.User owner, String from) {
        return switch (path(call, "dest")) {
            case Path.Outside outside ->
                    throw HttpProblem.of(
                            403,
                            "outside",
                            "The target lies outside of the user's folder",
                            call.variable("dest"));
            case Path.Impossible impossible ->
                    throw HttpProblem.badRequest(
                            "invalid_name", "The file cannot have this name", impossible.why());
            case Path.Inside inside -> move(call, owner, from, inside.path());
        };
    }

    private Response move(Call call, UserFiles.User owner, String from, String to) {
        if (from.equals(to) && keeps(call)) {
            return Response.text(409, EXISTS);
        }
        refuseFolder(owner, to);
        return files.move(owner, from, to, !keeps(call))
                .map(file -> told(call, file))
                .orElseGet(() -> Response.text(409, EXISTS));
    }

    private UserFiles.User owner(Call call) {
        return users.of(call)
                .orElseThrow(() ->
                        HttpProblem.of(
                                401, "unknown_user", "The user is not known", "header comfy-user"));
    }

    /// Where a request's path leads.
    private sealed interface Path {
        /// Out of the user's folder.
        record Outside() implements Path {}

        /// To a name that no file can have.
        record Impossible(String why) implements Path {}

        /// Below the user's folder; empty for the folder itself.
        record Inside(String path) implements Path {}
    }

    /// The path of a variable, which clients may have encoded twice.
    private static Path path(Call call, String variable) {
        String decoded = UserListing.decodedAgain(call.variable(variable));
        Optional<String> inside = Subfolder.inside(Users.DEFAULT, decoded);
        if (inside.isEmpty()) {
            return new Path.Outside();
        }
        return UserListing.whyImpossible(inside.get())
                .<Path>map(Path.Impossible::new)
                .orElseGet(() -> new Path.Inside(inside.get()));
    }

    /// Whether the path is a folder's, or leads through a file.
    private boolean cannotBeFile(UserFiles.User owner, String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            if (files.find(owner, path.substring(0, slash)).isPresent()) {
                return true;
            }
        }
        return path.isEmpty() || isFolder(owner, path);
    }

    /// Whether an existing file is to be kept: only the very word `false` says so.
    private static boolean keeps(Call call) {
        return "false".equals(call.request().parameter("overwrite"));
    }

    private boolean isFolder(UserFiles.User owner, String path) {
        return !files.list(owner, path + "/").isEmpty();
    }

    private void refuseFolder(UserFiles.User owner, String path) {
        if (path.isEmpty() || isFolder(owner, path)) {
            throw HttpProblem.badRequest("is_folder", "This is a folder, not a file", path);
        }
    }

    private static Response told(Call call, UserFiles.UserFile file) {
        String fullInfo = call.request().query().first("full_info", "");
        JsonNode told =
                fullInfo.equalsIgnoreCase("true")
                        ? info(file.path(), file)
                        : TextNode.valueOf(file.path());
        return Response.json(told);
    }

    /// `{path, size, modified, created}`, times in seconds; both are the last write's.
    static JsonNode info(String path, UserFiles.UserFile file) {
        ObjectNode info = Json.object().put("path", path).put("size", file.size());
        info.set("modified", UnixTime.seconds(file.modified()));
        info.set("created", UnixTime.seconds(file.modified()));
        return info;
    }
}
