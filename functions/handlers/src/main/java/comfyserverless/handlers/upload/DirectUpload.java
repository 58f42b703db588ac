package comfyserverless.handlers.upload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.contract.file.Arrived;
import comfyserverless.contract.file.Files;
import comfyserverless.contract.file.Uploads;
import comfyserverless.contract.json.Json;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import comfyserverless.handlers.user.Users;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Uploads that are too large for a request: `POST /api/upload/presign` announces bytes and answers
/// where to put them, `POST /api/upload/complete` makes of them what `POST /upload/image`,
/// `POST /upload/mask` or `POST /prompt` makes of a body, and answers as those do.
public final class DirectUpload {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    /// What S3 takes in one put.
    private static final long LARGEST = 5L << 30;

    /// Masks and prompts are read into memory.
    private static final long LARGEST_IN_MEMORY = 64L << 20;

    private final Uploads uploads;
    private final Users users;
    private final UploadedFiles named;
    private final UploadMask masks;
    private final Endpoint prompts;

    /// Completes uploads.
    ///
    /// @param prompts what answers `POST /prompt`
    public DirectUpload(Uploads uploads, Files files, Users users, Endpoint prompts) {
        this.uploads = uploads;
        this.users = users;
        this.named = new UploadedFiles(files);
        this.masks = new UploadMask(files);
        this.prompts = prompts;
    }

    /// `{"size", "sha256"}` → `{"id", "method", "url", "headers", "expires_in"}`.
    public Response presign(Call call) {
        ObjectNode body = call.request().jsonObject();
        long size = body.path("size").isIntegralNumber() ? body.path("size").asLong() : -1;
        String sha256 = body.path("sha256").asText("");
        if (size < 1 || size > LARGEST) {
            throw HttpProblem.badRequest(
                    "invalid_size",
                    "The size must be a number of bytes from 1 to " + LARGEST,
                    "\"size\" is " + body.path("size"));
        }
        if (!SHA256.matcher(sha256).matches()) {
            throw HttpProblem.badRequest(
                    "invalid_sha256",
                    "The digest of the bytes must be 64 hex digits in lower case",
                    "\"sha256\" is " + body.path("sha256"));
        }
        Uploads.Opened opened = uploads.open(owner(call), size, sha256);
        String url = opened.put().url().toString();
        ObjectNode answer = Json.object().put("id", opened.id()).put("method", "PUT");
        answer.put("url", url);
        ObjectNode headers = answer.putObject("headers");
        opened.put().headers().forEach(headers::put);
        answer.put("expires_in", Uploads.OPEN_FOR.toSeconds());
        // The local gateway leads this address, like every one in a location, through the page's
        // own
        // origin; in the cloud it is the bucket's, which lets pages put.
        return Response.json(201, answer).with("location", url).with("cache-control", "no-store");
    }

    /// `{"id", "for", …}`: for an `image` (the default) and a `mask` the fields of their forms,
    /// `filename`, `subfolder`, `type`, `overwrite`, `original_ref`; a `prompt` needs no more.
    public Response complete(Call call) {
        ObjectNode body = call.request().jsonObject();
        Uploads.Owner owner = owner(call);
        String id = body.path("id").asText("");
        Arrived arrived = arrived(owner, id);
        Response answer =
                switch (body.path("for").asText("image")) {
                    case "image" -> image(call, target(body), arrived);
                    case "mask" ->
                            masks.merged(
                                    call.tenant(),
                                    target(body),
                                    body.path("original_ref"),
                                    whole(arrived));
                    case "prompt" -> prompts.answer(withBody(call, whole(arrived)));
                    default ->
                            throw HttpProblem.badRequest(
                                    "unknown_purpose",
                                    "\"for\" must be image, mask or prompt",
                                    "it is " + body.path("for"));
                };
        uploads.close(owner, id);
        return answer;
    }

    private Uploads.Owner owner(Call call) {
        return users.of(call)
                .map(user -> new Uploads.Owner(user.tenant(), user.id()))
                .orElseThrow(() ->
                        HttpProblem.badRequest(
                                "unknown_user", "There is no such user", "header comfy-user"));
    }

    private Arrived arrived(Uploads.Owner owner, String id) {
        Arrived announced =
                (id.isEmpty() ? Optional.<Arrived>empty() : uploads.announced(owner, id))
                        .orElseThrow(() ->
                                HttpProblem.of(
                                        404,
                                        "unknown_upload",
                                        "No upload of yours has this id, or it was completed or"
                                                + " has expired",
                                        "\"id\" is \"" + id + "\""));
        long size =
                uploads.arrivedSize(announced)
                        .orElseThrow(() ->
                                HttpProblem.of(
                                        409,
                                        "nothing_uploaded",
                                        "The bytes have not arrived yet",
                                        "put them to the address that presign gave"));
        if (size != announced.size()) {
            uploads.close(owner, id);
            throw HttpProblem.badRequest(
                    "wrong_size",
                    "The bytes that arrived are not those that were announced",
                    size + " bytes arrived, " + announced.size() + " were announced");
        }
        return announced;
    }

    private static Target target(JsonNode body) {
        String name = text(body, "filename");
        if (name == null || name.isEmpty()) {
            throw HttpProblem.badRequest(
                    "not_a_file", "The field \"filename\" is missing", "it names the file");
        }
        return Target.of(
                name, text(body, "subfolder"), text(body, "type"), text(body, "overwrite"));
    }

    private static @Nullable String text(JsonNode body, String field) {
        JsonNode value = body.path(field);
        return value.isValueNode() && !value.isNull() ? value.asText() : null;
    }

    private Response image(Call call, Target target, Arrived arrived) {
        MagicBytes.contradiction(target.fileName(), head(arrived))
                .ifPresent(why -> {
                    throw HttpProblem.badRequest(
                            "wrong_content", "The file is not what its name says", why);
                });
        Content content = new Content.InStore(arrived);
        return UploadImage.answer(
                target, () -> named.store(call.tenant(), target, content, content));
    }

    private byte[] head(Arrived arrived) {
        try (InputStream in = uploads.read(arrived)) {
            return in.readNBytes(MagicBytes.NEEDED);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + arrived.content(), e);
        }
    }

    private byte[] whole(Arrived arrived) {
        if (arrived.size() > LARGEST_IN_MEMORY) {
            throw HttpProblem.of(
                    413,
                    "upload_too_large",
                    "A mask or prompt may have " + LARGEST_IN_MEMORY + " bytes",
                    "it has " + arrived.size());
        }
        try (InputStream in = uploads.read(arrived)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + arrived.content(), e);
        }
    }

    private static Call withBody(Call call, byte[] body) {
        Request asked = call.request();
        return new Call(
                new Request(
                        asked.method(),
                        asked.path(),
                        asked.query(),
                        asked.headers(),
                        asked.cookies(),
                        body,
                        asked.address()),
                call.caller(),
                Map.of());
    }
}
