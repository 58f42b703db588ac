package comfyserverless.infrastructure;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awscdk.services.wafv2.CfnWebACL;
import software.constructs.Construct;

/// The web ACL before CloudFront, if one is asked for. One made here limits the rate of each address and
/// applies AWS's common rules; such an ACL can only be made in us-east-1.
final class Firewall {
    private static final int REQUESTS_IN_FIVE_MINUTES = 10_000;

    private Firewall() {}

    /// Its ARN.
    static Optional<String> acl(Construct scope, DeploySettings.Web settings) {
        if (settings.webAcl() != null) {
            return Optional.of(settings.webAcl());
        }
        if (!settings.waf()) {
            return Optional.empty();
        }
        CfnWebACL acl =
                CfnWebACL.Builder.create(scope, "Firewall")
                        .scope("CLOUDFRONT")
                        .defaultAction(
                                CfnWebACL.DefaultActionProperty.builder()
                                        .allow(CfnWebACL.AllowActionProperty.builder().build())
                                        .build())
                        .visibilityConfig(measured("firewall"))
                        .rules(List.of(rate(), common()))
                        .build();
        return Optional.of(acl.getAttrArn());
    }

    private static CfnWebACL.RuleProperty rate() {
        return CfnWebACL.RuleProperty.builder()
                .name("rate")
                .priority(0)
                .action(
                        CfnWebACL.RuleActionProperty.builder()
                                .block(CfnWebACL.BlockActionProperty.builder().build())
                                .build())
                .statement(
                        CfnWebACL.StatementProperty.builder()
                                .rateBasedStatement(
                                        CfnWebACL.RateBasedStatementProperty.builder()
                                                .aggregateKeyType("IP")
                                                .limit(REQUESTS_IN_FIVE_MINUTES)
                                                .build())
                                .build())
                .visibilityConfig(measured("rate"))
                .build();
    }

    /// Counts only where a rule is wrong about prompts and pictures: their size, and text that looks like
    /// markup.
    private static CfnWebACL.RuleProperty common() {
        CfnWebACL.RuleActionProperty count =
                CfnWebACL.RuleActionProperty.builder()
                        .count(CfnWebACL.CountActionProperty.builder().build())
                        .build();
        List<CfnWebACL.RuleActionOverrideProperty> counted =
                List.of("SizeRestrictions_BODY", "CrossSiteScripting_BODY", "GenericRFI_BODY")
                        .stream()
                        .map(name ->
                                CfnWebACL.RuleActionOverrideProperty.builder()
                                        .name(name)
                                        .actionToUse(count)
                                        .build())
                        .toList();
        return CfnWebACL.RuleProperty.builder()
                .name("common")
                .priority(1)
                .overrideAction(CfnWebACL.OverrideActionProperty.builder().none(Map.of()).build())
                .statement(
                        CfnWebACL.StatementProperty.builder()
                                .managedRuleGroupStatement(
                                        CfnWebACL.ManagedRuleGroupStatementProperty.builder()
                                                .vendorName("AWS")
                                                .name("AWSManagedRulesCommonRuleSet")
                                                .ruleActionOverrides(counted)
                                                .build())
                                .build())
                .visibilityConfig(measured("common"))
                .build();
    }

    private static CfnWebACL.VisibilityConfigProperty measured(String name) {
        return CfnWebACL.VisibilityConfigProperty.builder()
                .metricName(name)
                .cloudWatchMetricsEnabled(true)
                .sampledRequestsEnabled(false)
                .build();
    }
}
