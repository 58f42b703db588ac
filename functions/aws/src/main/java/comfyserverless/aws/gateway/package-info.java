/// Posts to open sockets through API Gateway.
@NullMarked
package comfyserverless.aws.gateway;

import org.jspecify.annotations.NullMarked;
