package comfyserverless.infrastructure;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.App;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.certificatemanager.Certificate;
import software.amazon.awscdk.services.cloudfront.AllowedMethods;
import software.amazon.awscdk.services.cloudfront.BehaviorOptions;
import software.amazon.awscdk.services.cloudfront.CachePolicy;
import software.amazon.awscdk.services.cloudfront.Distribution;
import software.amazon.awscdk.services.cloudfront.FunctionAssociation;
import software.amazon.awscdk.services.cloudfront.HttpVersion;
import software.amazon.awscdk.services.cloudfront.IOrigin;
import software.amazon.awscdk.services.cloudfront.OriginProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.OriginRequestPolicy;
import software.amazon.awscdk.services.cloudfront.OriginRequestQueryStringBehavior;
import software.amazon.awscdk.services.cloudfront.PriceClass;
import software.amazon.awscdk.services.cloudfront.ViewerProtocolPolicy;
import software.amazon.awscdk.services.cloudfront.origins.HttpOrigin;

/// One address for all: the page, the routes, the sockets at `/ws` and `/api/ws`, and the files to which
/// /view sends. CloudFront keeps no logs, since its standard ones hold the query string.
final class WebStack extends Stack {
    private final StateStack state;
    private final EdgeFunctions edge;
    private final Distribution distribution;

    WebStack(App app, DeploySettings settings, StateStack state, ApiStack api) {
        super(app, new Names(settings.prefix()).stack("web"));
        this.state = state;
        this.edge = new EdgeFunctions(this, settings.auth().isOpen());
        Distribution.Builder builder =
                Distribution.Builder.create(this, "Distribution")
                        .comment(settings.prefix() + ": comfy-serverless")
                        .httpVersion(HttpVersion.HTTP2_AND_3)
                        .priceClass(PriceClass.PRICE_CLASS_100)
                        .defaultBehavior(passing(origin(api.http().domain()), edge.api()));
        DeploySettings.Domain domain = settings.web().domain();
        if (domain != null) {
            builder.domainNames(List.of(domain.name()))
                    .certificate(
                            Certificate.fromCertificateArn(
                                    this, "Certificate", domain.certificate()));
        }
        Firewall.acl(this, settings.web()).ifPresent(builder::webAclId);
        this.distribution = builder.build();
        sockets(origin(api.sockets().domain()));
        files();
        new Page(this, settings.web().root()).addTo(distribution, edge.page());
        CfnOutput.Builder.create(this, "Url")
                .value(
                        "https://"
                                + (domain == null
                                        ? distribution.getDistributionDomainName()
                                        : domain.name()))
                .build();
    }

    Distribution distribution() {
        return distribution;
    }

    /// An API, called with the secret that shows that the request came through here.
    private IOrigin origin(String host) {
        return HttpOrigin.Builder.create(host)
                .protocolPolicy(OriginProtocolPolicy.HTTPS_ONLY)
                .customHeaders(Map.of("x-origin-secret", state.originSecrets().sent()))
                .build();
    }

    /// Everything goes on but the viewer's Host, to which the APIs would answer 403.
    private static BehaviorOptions passing(IOrigin origin, List<FunctionAssociation> functions) {
        return BehaviorOptions.builder()
                .origin(origin)
                .allowedMethods(AllowedMethods.ALLOW_ALL)
                .viewerProtocolPolicy(ViewerProtocolPolicy.REDIRECT_TO_HTTPS)
                .cachePolicy(CachePolicy.CACHING_DISABLED)
                .originRequestPolicy(OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER)
                .functionAssociations(functions)
                .build();
    }

    private void sockets(IOrigin origin) {
        for (String path : List.of("/ws", "/api/ws")) {
            distribution.addBehavior(path, origin, passing(origin, edge.socket()));
        }
    }

    /// Signed addresses of the files' bucket: S3 checks the signature, so its own host is called.
    private void files() {
        IOrigin bucket =
                HttpOrigin.Builder.create(state.files().getBucketRegionalDomainName())
                        .protocolPolicy(OriginProtocolPolicy.HTTPS_ONLY)
                        .build();
        OriginRequestPolicy signature =
                OriginRequestPolicy.Builder.create(this, "Signature")
                        .queryStringBehavior(OriginRequestQueryStringBehavior.all())
                        .build();
        distribution.addBehavior(
                "/_files/*",
                bucket,
                BehaviorOptions.builder()
                        .origin(bucket)
                        .allowedMethods(AllowedMethods.ALLOW_GET_HEAD)
                        .viewerProtocolPolicy(ViewerProtocolPolicy.HTTPS_ONLY)
                        .cachePolicy(CachePolicy.CACHING_DISABLED)
                        .originRequestPolicy(signature)
                        .functionAssociations(edge.file())
                        .build());
    }
}
