/// Requests and answers between API Gateway's events and the routes.
@NullMarked
package comfyserverless.handlers.http;

import org.jspecify.annotations.NullMarked;
