package comfyserverless.aws.trace;

import java.io.IOException;
import java.math.BigDecimal;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.awscore.AwsExecutionAttribute;
import software.amazon.awssdk.awscore.AwsResponse;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;
import software.amazon.awssdk.regions.Region;

/// Tells X-Ray of each call of the SDK: a subsegment of the function's own segment, sent as a datagram to the
/// daemon that Lambda runs beside a traced function. A call is never slower or wrong for it: nobody waits for
/// the daemon, and what it does not take is lost.
public final class CallTraces implements ExecutionInterceptor {
    private static final String DAEMON = "AWS_XRAY_DAEMON_ADDRESS";

    /// Where Lambda's runtime for Java puts the header of the invocation at hand.
    private static final String PROPERTY = "com.amazonaws.xray.traceHeader";

    private static final String FIRST_LINE = "{\"format\":\"json\",\"version\":1}\n";
    private static final int ID_BYTES = 8;
    private static final int MILLIS = 3;
    private static final int NO_ANSWER = 0;
    private static final Pattern UNSAFE = Pattern.compile("[^\\w.:;=+/ -]");
    private static final int CLIENT = 400;
    private static final int SERVER = 500;
    private static final ExecutionAttribute<Long> BEGAN = new ExecutionAttribute<>("ComfyBegan");
    private static final Logger LOG = LoggerFactory.getLogger(CallTraces.class);

    private final InetSocketAddress daemon;
    private final Supplier<@Nullable String> header;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /// @param header that of the invocation at hand; null where there is none
    CallTraces(InetSocketAddress daemon, Supplier<@Nullable String> header, Clock clock) {
        this.daemon = daemon;
        this.header = header;
        this.clock = clock;
    }

    /// For the daemon that the environment of a traced function names; none elsewhere.
    public static List<ExecutionInterceptor> of(Map<String, String> environment, Clock clock) {
        return address(environment.get(DAEMON)).stream()
                .<ExecutionInterceptor>map(
                        daemon -> new CallTraces(daemon, () -> System.getProperty(PROPERTY), clock))
                .toList();
    }

    /// `host:port`, or `tcp:host:port udp:host:port`.
    static Optional<InetSocketAddress> address(@Nullable String text) {
        return Arrays.stream((text == null ? "" : text).strip().split(" ", -1))
                .filter(part -> !part.startsWith("tcp:"))
                .map(part -> part.startsWith("udp:") ? part.substring("udp:".length()) : part)
                .filter(part -> part.matches("[^:]+:\\d{1,5}"))
                .map(part -> part.split(":", -1))
                .map(parts ->
                        InetSocketAddress.createUnresolved(parts[0], Integer.parseInt(parts[1])))
                .findFirst();
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        attributes.putAttribute(BEGAN, clock.millis());
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        String request =
                context.response() instanceof AwsResponse response
                        ? response.responseMetadata().requestId()
                        : null;
        tell(attributes, new Ended(context.httpResponse().statusCode(), request));
    }

    @Override
    public void onExecutionFailure(
            Context.FailedExecution context, ExecutionAttributes attributes) {
        tell(
                attributes,
                context.exception() instanceof AwsServiceException refused
                        ? new Ended(refused.statusCode(), refused.requestId())
                        : new Ended(NO_ANSWER, null));
    }

    /// How a call ended.
    ///
    /// @param status 0 where there was no answer
    private record Ended(int status, @Nullable String request) {
        /// What the segment says of it.
        String members() {
            String http =
                    status == NO_ANSWER
                            ? ""
                            : ",\"http\":{\"response\":{\"status\":%d}}".formatted(status);
            boolean fault = status >= SERVER || status == NO_ANSWER;
            String kind = status >= CLIENT ? ",\"error\":true" : "";
            return http + (fault ? ",\"fault\":true" : kind);
        }
    }

    private void tell(ExecutionAttributes attributes, Ended ended) {
        Long began = attributes.getAttribute(BEGAN);
        Optional<TraceHeader> trace = TraceHeader.parse(header.get());
        if (began != null && trace.isPresent()) {
            send(segment(trace.get(), began, attributes, ended));
        }
    }

    private String segment(
            TraceHeader trace, long began, ExecutionAttributes attributes, Ended ended) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Region region = attributes.getAttribute(AwsExecutionAttribute.AWS_REGION);
        return "{"
                + member("name", attributes.getAttribute(SdkExecutionAttribute.SERVICE_NAME))
                + ","
                + member("id", HexFormat.of().formatHex(id))
                + ","
                + member("trace_id", trace.trace())
                + ","
                + member("parent_id", trace.parent())
                + ",\"type\":\"subsegment\",\"namespace\":\"aws\""
                + ",\"start_time\":"
                + seconds(began)
                + ",\"end_time\":"
                + seconds(clock.millis())
                + ",\"aws\":{"
                + member("operation", attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME))
                + (region == null ? "" : "," + member("region", region.id()))
                + (ended.request() == null ? "" : "," + member("request_id", ended.request()))
                + "}"
                + ended.members()
                + "}";
    }

    /// Names and ids hold nothing that JSON would have to escape; what does is left out.
    private static String member(String name, @Nullable String value) {
        String plain = value == null ? "" : UNSAFE.matcher(value).replaceAll("");
        return "\"" + name + "\":\"" + plain + "\"";
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, MILLIS).toPlainString();
    }

    /// By a socket of its own each time: one that was open in a snapshot would be nobody's.
    private void send(String segment) {
        byte[] bytes = (FIRST_LINE + segment).getBytes(StandardCharsets.UTF_8);
        try (DatagramSocket socket = new DatagramSocket()) {
            InetSocketAddress to = new InetSocketAddress(daemon.getHostString(), daemon.getPort());
            socket.send(new DatagramPacket(bytes, bytes.length, to));
        } catch (IOException e) {
            LOG.debug("{} takes no segments", daemon, e);
        }
    }
}
