package comfyserverless.handlers.extension;

import comfyserverless.contract.mailbox.LetterTooLarge;
import comfyserverless.handlers.http.Call;
import comfyserverless.handlers.http.Endpoint;
import comfyserverless.handlers.http.HttpProblem;
import comfyserverless.handlers.http.Response;
import comfyserverless.routeapi.CustomRoute;
import comfyserverless.routeapi.RouteProblem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A pack's route among the server's: whatever its code throws ends in an answer.
final class ExtensionEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(ExtensionEndpoint.class);
    private static final int TOO_LARGE = 413;
    private static final int FAILED = 500;

    private final String pack;
    private final CustomRoute route;
    private final Server server;
    private final Answers answers;

    ExtensionEndpoint(String pack, CustomRoute route, Server server, Answers answers) {
        this.pack = pack;
        this.route = route;
        this.server = server;
        this.answers = answers;
    }

    @Override
    public Response answer(Call call) {
        try {
            OneTenant tenant = new OneTenant(call.tenant(), server);
            return answers.response(
                    call, route.handler().answer(new OneRequest(route, call, tenant)));
        } catch (RouteProblem e) {
            throw problem(e);
        } catch (LetterTooLarge e) {
            throw HttpProblem.of(
                    TOO_LARGE, "message_too_large", "The message is too large", text(e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw failed(e);
        } catch (Exception | LinkageError | StackOverflowError | AssertionError e) {
            throw failed(e);
        }
    }

    static HttpProblem problem(RouteProblem e) {
        return HttpProblem.of(e.status(), e.type(), text(e), e.details());
    }

    private static String text(Exception e) {
        return String.valueOf(e.getMessage());
    }

    private HttpProblem failed(Throwable e) {
        LOG.error("{} {} of the route pack {} failed", route.method(), route.path(), pack, e);
        return HttpProblem.of(
                FAILED,
                "extension_error",
                "The route pack \"%s\" could not answer %s %s"
                        .formatted(pack, route.method(), route.path()),
                e.getClass().getSimpleName());
    }
}
