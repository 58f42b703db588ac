package comfyserverless.infrastructure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.cloudfront.BehaviorOptions;
import software.amazon.awscdk.services.cloudfront.CachePolicy;
import software.amazon.awscdk.services.cloudfront.Distribution;
import software.amazon.awscdk.services.cloudfront.FunctionAssociation;
import software.amazon.awscdk.services.cloudfront.HeadersFrameOption;
import software.amazon.awscdk.services.cloudfront.IOrigin;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersContentTypeOptions;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersFrameOptions;
import software.amazon.awscdk.services.cloudfront.ResponseHeadersPolicy;
import software.amazon.awscdk.services.cloudfront.ResponseSecurityHeadersBehavior;
import software.amazon.awscdk.services.cloudfront.ViewerProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.origins.S3BucketOrigin;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.deployment.BucketDeployment;
import software.amazon.awscdk.services.s3.deployment.CacheControl;
import software.amazon.awscdk.services.s3.deployment.Source;
import software.constructs.Construct;

/// A web page from a folder: uploaded to a bucket of its own, each of the folder's entries a path of the
/// distribution. What nodes bring below /extensions and what the routes answer stay with the functions.
final class Page extends Construct {
    /// Where a page's own scripts lie beside those of node packs.
    private static final String EXTENSIONS = "extensions";

    /// Paths below which routes answer.
    private static final List<String> SHARED = List.of(EXTENSIONS, "templates", "docs", "api");

    private final @Nullable Path root;

    /// @param root null: there is no page, only routes
    Page(Construct scope, @Nullable Path root) {
        super(scope, "Page");
        this.root = root;
    }

    void addTo(Distribution distribution, List<FunctionAssociation> functions) {
        if (root == null) {
            return;
        }
        Bucket bucket =
                Bucket.Builder.create(this, "Files")
                        .encryption(BucketEncryption.S3_MANAGED)
                        .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
                        .enforceSsl(true)
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .autoDeleteObjects(true)
                        .build();
        IOrigin origin = S3BucketOrigin.withOriginAccessControl(bucket);
        BehaviorOptions behaviour =
                BehaviorOptions.builder()
                        .origin(origin)
                        .viewerProtocolPolicy(ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
                        .cachePolicy(CachePolicy.CACHING_OPTIMIZED)
                        .compress(true)
                        .responseHeadersPolicy(safeHeaders())
                        .functionAssociations(functions)
                        .build();
        distribution.addBehavior("/", origin, behaviour);
        for (String path : paths(root)) {
            distribution.addBehavior(path, origin, behaviour);
        }
        BucketDeployment.Builder.create(this, "Upload")
                .destinationBucket(bucket)
                .sources(List.of(Source.asset(root.toString())))
                .cacheControl(List.of(CacheControl.fromString("no-cache")))
                .distribution(distribution)
                .memoryLimit(512)
                .build();
    }

    /// `/index.html`, `/assets/*` and so on; of what lies below `/extensions` each entry by itself
    /// (`/extensions/core/*`), since the functions answer for the rest.
    static List<String> paths(Path root) {
        Path extensions = root.resolve(EXTENSIONS);
        return Stream.concat(
                        entries(root)
                                .filter(entry -> !SHARED.contains(entry.getFileName().toString()))
                                .map(entry -> path("/", entry)),
                        entries(extensions).map(entry -> path("/" + EXTENSIONS + "/", entry)))
                .sorted()
                .toList();
    }

    private static String path(String above, Path entry) {
        return above + entry.getFileName() + (Files.isDirectory(entry) ? "/*" : "");
    }

    private static Stream<Path> entries(Path folder) {
        if (!Files.isDirectory(folder)) {
            return Stream.of();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list the page's folder " + folder, e);
        }
    }

    private ResponseHeadersPolicy safeHeaders() {
        return ResponseHeadersPolicy.Builder.create(this, "Headers")
                .securityHeadersBehavior(
                        ResponseSecurityHeadersBehavior.builder()
                                .contentTypeOptions(
                                        ResponseHeadersContentTypeOptions.builder()
                                                .override(true)
                                                .build())
                                .frameOptions(
                                        ResponseHeadersFrameOptions.builder()
                                                .frameOption(HeadersFrameOption.SAMEORIGIN)
                                                .override(true)
                                                .build())
                                .build())
                .build();
    }
}
