package comfyserverless.infrastructure;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.IgnoreMode;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.customresources.AwsCustomResource;
import software.amazon.awscdk.customresources.AwsCustomResourcePolicy;
import software.amazon.awscdk.customresources.AwsSdkCall;
import software.amazon.awscdk.customresources.PhysicalResourceId;
import software.amazon.awscdk.services.codebuild.BuildEnvironment;
import software.amazon.awscdk.services.codebuild.BuildEnvironmentVariable;
import software.amazon.awscdk.services.codebuild.BuildSpec;
import software.amazon.awscdk.services.codebuild.ComputeType;
import software.amazon.awscdk.services.codebuild.LinuxBuildImage;
import software.amazon.awscdk.services.codebuild.Project;
import software.amazon.awscdk.services.codebuild.S3SourceProps;
import software.amazon.awscdk.services.codebuild.Source;
import software.amazon.awscdk.services.ecr.IRepository;
import software.amazon.awscdk.services.ecr.LifecycleRule;
import software.amazon.awscdk.services.ecr.Repository;
import software.amazon.awscdk.services.ecr.RepositoryAttributes;
import software.amazon.awscdk.services.ecs.ContainerImage;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.s3.assets.Asset;
import software.constructs.Construct;

/// The runner's image: one that exists, or one that a project in the stack builds from this source tree,
/// so that the deployer's machine needs no Docker.
final class RunnerImage extends Construct {
    private static final List<String> NOT_SOURCE =
            List.of(".git", "**/target", "localstack/data", "localstack/small-model", "cdk.out");

    /// An image of ECR, with its tag or its digest.
    private static final Pattern ECR =
            Pattern.compile(
                    "(?<account>\\d{12})\\.dkr\\.ecr\\.(?<region>[a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/"
                            + "(?<name>[^:@]+)(?:[:@](?<version>.+))?");

    /// Docker's official images without the limit that Docker sets to builds which share an address.
    private static final String OFFICIAL = "public.ecr.aws/docker/library";

    private final ContainerImage image;

    RunnerImage(Construct scope, @Nullable String uri) {
        super(scope, "Image");
        this.image = uri == null ? built() : given(uri);
    }

    /// One of ECR may be pulled by this deployment's tasks only if their role says so.
    private ContainerImage given(String uri) {
        Matcher ecr = ECR.matcher(uri);
        if (!ecr.matches()) {
            return ContainerImage.fromRegistry(uri);
        }
        String arn =
                Stack.of(this)
                        .formatArn(
                                ArnComponents.builder()
                                        .service("ecr")
                                        .region(ecr.group("region"))
                                        .account(ecr.group("account"))
                                        .resource("repository")
                                        .resourceName(ecr.group("name"))
                                        .build());
        IRepository repository =
                Repository.fromRepositoryAttributes(
                        this,
                        "Given",
                        RepositoryAttributes.builder()
                                .repositoryArn(arn)
                                .repositoryName(ecr.group("name"))
                                .build());
        String version = ecr.group("version");
        return ContainerImage.fromEcrRepository(repository, version == null ? "latest" : version);
    }

    ContainerImage image() {
        return image;
    }

    private ContainerImage built() {
        Asset source =
                Asset.Builder.create(this, "Source")
                        .path(sourceTree().toString())
                        .exclude(NOT_SOURCE)
                        .ignoreMode(IgnoreMode.GLOB)
                        .build();
        Repository repository =
                Repository.Builder.create(this, "Repository")
                        .imageScanOnPush(true)
                        .removalPolicy(RemovalPolicy.DESTROY)
                        .emptyOnDelete(true)
                        .lifecycleRules(List.of(LifecycleRule.builder().maxImageCount(5).build()))
                        .build();
        Project project = project(source, repository);
        AwsSdkCall start =
                AwsSdkCall.builder()
                        .service("CodeBuild")
                        .action("StartBuild")
                        .parameters(Map.of("projectName", project.getProjectName()))
                        .outputPaths(List.of("build.id"))
                        .physicalResourceId(PhysicalResourceId.of(source.getAssetHash()))
                        .build();
        AwsCustomResource.Builder.create(this, "Build")
                .onCreate(start)
                .onUpdate(start)
                .installLatestAwsSdk(false)
                .policy(
                        AwsCustomResourcePolicy.fromStatements(
                                List.of(
                                        Permissions.of(
                                                project.getProjectArn(), "codebuild:StartBuild"))))
                .build();
        return ContainerImage.fromEcrRepository(repository, source.getAssetHash());
    }

    private Project project(Asset source, Repository repository) {
        Project project =
                Project.Builder.create(this, "Project")
                        .source(
                                Source.s3(
                                        S3SourceProps.builder()
                                                .bucket(source.getBucket())
                                                .path(source.getS3ObjectKey())
                                                .build()))
                        .environment(
                                BuildEnvironment.builder()
                                        .buildImage(LinuxBuildImage.STANDARD_7_0)
                                        .computeType(ComputeType.LARGE)
                                        .privileged(true)
                                        .build())
                        .environmentVariables(
                                Map.of(
                                        "REPOSITORY", variable(repository.getRepositoryUri()),
                                        "TAG", variable(source.getAssetHash())))
                        .buildSpec(BuildSpec.fromObjectToYaml(steps()))
                        .timeout(Duration.hours(2))
                        .build();
        project.addToRolePolicy(
                Permissions.of(
                        repository.getRepositoryArn(),
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:InitiateLayerUpload",
                        "ecr:UploadLayerPart",
                        "ecr:CompleteLayerUpload",
                        "ecr:PutImage"));
        project.addToRolePolicy(
                PolicyStatement.Builder.create()
                        .actions(List.of("ecr:GetAuthorizationToken"))
                        .resources(List.of("*"))
                        .build());
        return project;
    }

    private static BuildEnvironmentVariable variable(String value) {
        return BuildEnvironmentVariable.builder().value(value).build();
    }

    private static Map<String, Object> steps() {
        return Map.of(
                "version",
                "0.2",
                "phases",
                Map.of(
                        "build",
                        Map.of(
                                "commands",
                                List.of(
                                        "aws ecr get-login-password | docker login --username AWS"
                                                + " --password-stdin \"${REPOSITORY%%/*}\"",
                                        "docker build -f gpu-runner/Dockerfile --build-arg REGISTRY="
                                                + OFFICIAL
                                                + " -t \"$REPOSITORY:$TAG\" .",
                                        "docker push \"$REPOSITORY:$TAG\""))));
    }

    /// The folder that holds mvnw, from wherever in it this runs.
    private static Path sourceTree() {
        Path folder = Path.of("").toAbsolutePath();
        while (folder != null && !folder.resolve("mvnw").toFile().exists()) {
            folder = folder.getParent();
        }
        if (folder == null) {
            throw new IllegalStateException(
                    "the runner's image is built from the source tree, but "
                            + Path.of("").toAbsolutePath()
                            + " is not in it: run there, or give -c runnerImage=URI");
        }
        return folder;
    }
}
