package comfyserverless.handlers.user;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.UserFiles;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.file.Subfolder;
import comfyserverless.handlers.file.UnixTime;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Query;
import comfyserverless.handlers.http.Response;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/// `GET /userdata?dir=` and `GET /v2/userdata?path=`: which files a user keeps (user_manager.py,
/// ComfyUI 0.3.64).
public final class UserListing {
    private static final int LONGEST_NAME = 255;

    private final Users users;
    private final UserFiles files;

    public UserListing(Users users, UserFiles files) {
        this.users = users;
        this.files = files;
    }

    /// Paths below `dir`, those of its folders too with `recurse`; hidden files are left out.
    public Response files(Call call) {
        Query query = call.request().query();
        String dir = query.first("dir", "");
        UserFiles.User owner =
                users.of(call)
                        .orElseThrow(() ->
                                HttpProblem.of(
                                        401,
                                        "unknown_user",
                                        "The user is not known",
                                        "header comfy-user"));
        if (dir.isEmpty()) {
            return Response.text(400, "Directory not provided");
        }
        Optional<String> inside = Subfolder.inside(Users.DEFAULT, decodedAgain(dir));
        if (inside.isEmpty()) {
            return Response.text(403, "Invalid directory");
        }
        if (whyImpossible(inside.get()).isPresent()) {
            return Response.text(404, "Directory not found");
        }
        String prefix = inside.get().isEmpty() ? "" : inside.get() + "/";
        List<UserFiles.UserFile> below = files.list(owner, prefix);
        boolean isRoot = inside.get().isEmpty();
        if (below.isEmpty() && !isRoot && files.find(owner, inside.get()).isEmpty()) {
            return Response.text(404, "Directory not found");
        }
        ArrayNode body = Json.mapper().createArrayNode();
        for (UserFiles.UserFile file : below) {
            String path = file.path().substring(prefix.length());
            if ((isTrue(query, "recurse") || !path.contains("/")) && !isHidden(path)) {
                add(body, path, file, query);
            }
        }
        return Response.json(body);
    }

    /// Clients may have encoded a path twice.
    static String decodedAgain(String path) {
        try {
            return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return path;
        }
    }

    /// Why no file can have this path, if so.
    static Optional<String> whyImpossible(String path) {
        if (path.chars().anyMatch(c -> c < ' ' || c == '\\')) {
            return Optional.of("a control character or a backslash");
        }
        for (String part : path.split("/", -1)) {
            if (part.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
                return Optional.of("a name of more than " + LONGEST_NAME + " bytes");
            }
        }
        return Optional.empty();
    }

    private static void add(ArrayNode body, String path, UserFiles.UserFile file, Query query) {
        if (isTrue(query, "full_info")) {
            body.add(UserData.info(path, file));
        } else if (isTrue(query, "split")) {
            ArrayNode parts = body.addArray().add(path);
            Stream.of(path.split("/", -1)).forEach(parts::add);
        } else {
            body.add(path);
        }
    }

    /// Folders and files below `path`, hidden ones included; folders first, each kind by name.
    public Response entries(Call call) {
        Optional<UserFiles.User> owner = users.of(call);
        if (owner.isEmpty()) {
            return Response.text(403, "Invalid user specified in request");
        }
        String path = decodedAgain(call.request().query().first("path", ""));
        Optional<String> inside = Subfolder.inside(Users.DEFAULT, path);
        if (inside.isEmpty()) {
            return Response.text(400, "Invalid path requested");
        }
        if (whyImpossible(inside.get()).isPresent()) {
            return Response.text(404, "Requested path not found");
        }
        String prefix = inside.get().isEmpty() ? "" : inside.get() + "/";
        if (!prefix.isEmpty() && files.find(owner.get(), inside.get()).isPresent()) {
            return Response.text(400, "Requested path is not a directory");
        }
        List<UserFiles.UserFile> below = files.list(owner.get(), prefix);
        if (below.isEmpty() && !prefix.isEmpty()) {
            return Response.text(404, "Requested path not found");
        }
        return Response.json(entries(below, prefix));
    }

    private static ArrayNode entries(List<UserFiles.UserFile> below, String prefix) {
        ArrayNode body = Json.mapper().createArrayNode();
        folders(below, prefix).stream()
                .sorted(Comparator.comparing(UserListing::sortName))
                .forEach(path -> body.add(entry(path, "directory")));
        below.stream()
                .sorted(Comparator.comparing(file -> sortName(file.path())))
                .forEach(file -> {
                    ObjectNode entry = entry(file.path(), "file").put("size", file.size());
                    body.add(entry.set("modified", UnixTime.seconds(file.modified())));
                });
        return body;
    }

    private static List<String> folders(List<UserFiles.UserFile> below, String prefix) {
        TreeSet<String> folders = new TreeSet<>();
        for (UserFiles.UserFile file : below) {
            String path = file.path();
            int slash = path.indexOf('/', prefix.length());
            while (slash >= 0) {
                folders.add(path.substring(0, slash));
                slash = path.indexOf('/', slash + 1);
            }
        }
        return new ArrayList<>(folders);
    }

    private static ObjectNode entry(String path, String type) {
        return Json.object().put("name", name(path)).put("path", path).put("type", type);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String sortName(String path) {
        return name(path).toLowerCase(Locale.ROOT);
    }

    private static boolean isTrue(Query query, String name) {
        return query.first(name, "").equalsIgnoreCase("true");
    }

    private static boolean isHidden(String path) {
        return path.startsWith(".") || path.contains("/.");
    }
}
