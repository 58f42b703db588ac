package comfyserverless.handlers.queue;

import com.fasterxml.jackson.databind.JsonNode;
import comfyserverless.contract.job.JobKey;
import comfyserverless.contract.job.Jobs;
import comfyserverless.contract.json.MalformedJson;
import comfyserverless.contract.json.PythonText;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Request;
import comfyserverless.handlers.http.Response;
import org.jspecify.annotations.Nullable;

/// `POST /interrupt`: stops the running job of that `prompt_id`, or all that run if none is named.
public final class Interrupt implements Endpoint {
    private final Jobs jobs;

    public Interrupt(Jobs jobs) {
        this.jobs = jobs;
    }

    @Override
    public Response answer(Call call) {
        JsonNode id = promptId(call.request());
        if (Truth.of(id) && id != null) {
            jobs.interrupt(new JobKey(call.tenant(), PythonText.str(id)));
        } else {
            jobs.running(call.tenant()).forEach(jobs::interrupt);
        }
        return Response.empty(200);
    }

    /// A body that is no JSON counts as none.
    private static @Nullable JsonNode promptId(Request request) {
        JsonNode body;
        try {
            body = request.json();
        } catch (MalformedJson e) {
            return null;
        }
        if (!body.isObject()) {
            throw HttpProblem.badRequest(
                    "invalid_json",
                    "The body is no JSON object",
                    "it is a " + PythonText.typeName(body));
        }
        return body.get("prompt_id");
    }
}
