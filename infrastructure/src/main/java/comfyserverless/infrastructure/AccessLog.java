package comfyserverless.infrastructure;

import java.util.Arrays;
import java.util.stream.Collectors;
import software.amazon.awscdk.services.apigateway.AccessLogFormat;
import software.amazon.awscdk.services.apigatewayv2.IAccessLogDestination;
import software.amazon.awscdk.services.apigatewayv2.IAccessLogSettings;
import software.amazon.awscdk.services.apigatewayv2.LogGroupLogDestination;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.constructs.Construct;

/// One JSON line for each request; never the query string, which may hold a ticket or a token.
final class AccessLog implements IAccessLogSettings {
    private final IAccessLogDestination destination;
    private final AccessLogFormat format;

    private AccessLog(IAccessLogDestination destination, AccessLogFormat format) {
        this.destination = destination;
        this.format = format;
    }

    /// @param fields names of `$context`
    static AccessLog of(Construct scope, String... fields) {
        LogGroup log =
                LogGroup.Builder.create(scope, "AccessLog")
                        .retention(RetentionDays.ONE_MONTH)
                        .build();
        String line =
                Arrays.stream(fields)
                        .map(field -> "\"" + field + "\":\"$context." + field + "\"")
                        .collect(Collectors.joining(",", "{", "}"));
        return new AccessLog(new LogGroupLogDestination(log), AccessLogFormat.custom(line));
    }

    @Override
    public IAccessLogDestination getDestination() {
        return destination;
    }

    @Override
    public AccessLogFormat getFormat() {
        return format;
    }
}
