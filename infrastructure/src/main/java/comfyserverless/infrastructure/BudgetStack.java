package comfyserverless.infrastructure;

import java.util.ArrayList;
import java.util.List;
import software.amazon.awscdk.App;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.budgets.CfnBudget;

/// A mail when this month's bill of the account passes four fifths of the budget, and when it is
/// expected to pass it.
final class BudgetStack extends Stack {
    BudgetStack(App app, DeploySettings settings) {
        super(app, new Names(settings.prefix()).stack("budget"));
        List<CfnBudget.NotificationWithSubscribersProperty> mails = new ArrayList<>();
        String email = settings.care().email();
        if (email != null) {
            mails.add(mail(email, "ACTUAL", 80));
            mails.add(mail(email, "FORECASTED", 100));
        }
        CfnBudget.Builder.create(this, "Month")
                .budget(
                        CfnBudget.BudgetDataProperty.builder()
                                .budgetName(settings.prefix() + "-month")
                                .budgetType("COST")
                                .timeUnit("MONTHLY")
                                .budgetLimit(
                                        CfnBudget.SpendProperty.builder()
                                                .amount(settings.care().monthlyDollars())
                                                .unit("USD")
                                                .build())
                                .build())
                .notificationsWithSubscribers(mails)
                .build();
    }

    private static CfnBudget.NotificationWithSubscribersProperty mail(
            String email, String kind, int percent) {
        return CfnBudget.NotificationWithSubscribersProperty.builder()
                .notification(
                        CfnBudget.NotificationProperty.builder()
                                .comparisonOperator("GREATER_THAN")
                                .notificationType(kind)
                                .threshold(percent)
                                .thresholdType("PERCENTAGE")
                                .build())
                .subscribers(
                        List.of(
                                CfnBudget.SubscriberProperty.builder()
                                        .subscriptionType("EMAIL")
                                        .address(email)
                                        .build()))
                .build();
    }
}
