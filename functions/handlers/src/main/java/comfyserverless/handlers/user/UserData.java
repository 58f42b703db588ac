package comfyserverless.handlers.user;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.MimeTypes;
import comfyserverless.handlers.http.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
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
        Optional<String> path = path(call, "file");
        if (path.isEmpty()) {
            return Response.empty(403);
        }
        Optional<byte[]> bytes = files.read(owner, path.get());
        if (bytes.isEmpty()) {
            return Response.empty(isFolder(owner, path.get()) ? 403 : 404);
        }
        Response response =
                Response.bytes(200, MimeTypes.of(path.get()), bytes.get())
                        .with("content-security-policy", "sandbox; default-src 'none'");
        // The page links its user's style sheet; all else is data, never a page of ours.
        return path.get().equals("user.css")
                ? response
                : response.with("content-disposition", "attachment");
    }

    public Response write(Call call) {
        UserFiles.User owner = owner(call);
        Optional<String> path = path(call, "file");
        if (path.isEmpty()) {
            return Response.empty(403);
        }
        refuseFolder(owner, path.get());
        byte[] bytes = call.request().body();
        Optional<UserFiles.UserFile> written =
                keeps(call)
                        ? files.writeIfAbsent(owner, path.get(), bytes)
                        : Optional.of(files.write(owner, path.get(), bytes));
        return written.map(file -> told(call, file)).orElseGet(() -> Response.text(409, EXISTS));
    }

    public Response delete(Call call) {
        UserFiles.User owner = owner(call);
        Optional<String> path = path(call, "file");
        if (path.isEmpty()) {
            return Response.empty(403);
        }
        if (files.delete(owner, path.get())) {
            return Response.empty(204);
        }
        refuseFolder(owner, path.get());
        return Response.empty(404);
    }

    public Response move(Call call) {
        UserFiles.User owner = owner(call);
        Optional<String> from = path(call, "file");
        if (from.isEmpty()) {
            return Response.empty(403);
        }
        if (files.find(owner, from.get()).isEmpty()) {
            return Response.empty(404);
        }
        String to =
                path(call, "dest")
                        .orElseThrow(() ->
                                HttpProblem.of(
                                        403,
                                        "outside",
                                        "The target lies outside of the user's folder",
                                        call.variable("dest")));
        refuseFolder(owner, to);
        return files.move(owner, from.get(), to, !keeps(call))
                .map(file -> told(call, file))
                .orElseGet(() -> Response.text(409, EXISTS));
    }

    private UserFiles.User owner(Call call) {
        return users.of(call)
                .orElseThrow(() ->
                        HttpProblem.of(
                                401, "unknown_user", "The user is not known", "header comfy-user"));
    }

    /// The path, which clients may have encoded twice; empty if it leads out of the user's folder.
    private static Optional<String> path(Call call, String variable) {
        String decoded;
        try {
            decoded =
                    URLDecoder.decode(
                            call.variable(variable).replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            decoded = call.variable(variable);
        }
        if (decoded.chars().anyMatch(c -> c < ' ')) {
            throw HttpProblem.badRequest(
                    "invalid_name", "The file cannot have this name", "a control character");
        }
        return Subfolder.normalised(decoded).filter(path -> !path.isEmpty());
    }

    /// Whether an existing file is to be kept: only the very word `false` says so.
    private static boolean keeps(Call call) {
        return "false".equals(call.request().parameter("overwrite"));
    }

    private boolean isFolder(UserFiles.User owner, String path) {
        return !files.list(owner, path + "/").isEmpty();
    }

    private void refuseFolder(UserFiles.User owner, String path) {
        if (isFolder(owner, path)) {
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

    /// `{path, size, modified, created}`, times in milliseconds; both are the last write's.
    static JsonNode info(String path, UserFiles.UserFile file) {
        return Json.object()
                .put("path", path)
                .put("size", file.size())
                .put("modified", file.modified().toEpochMilli())
                .put("created", file.modified().toEpochMilli());
    }
}
