package comfyserverless.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import comfyserverless.admin.report.Refusal;
import comfyserverless.admin.report.Tally;
import comfyserverless.admin.target.Deployment;
import comfyserverless.contract.account.Identity;
import comfyserverless.contract.json.Json;
import comfyserverless.contract.tenant.Removal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tenant delete`: a tenant with all that it has.
@Command(
        name = "delete",
        mixinStandardHelpOptions = true,
        description =
                "Deletes a tenant with its keys, prompts, files, workflows and models, for good. It takes a minute at"
                        + " least, until no function takes its keys any more; broken off, it goes on when it is given"
                        + " again.")
final class TenantDelete implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "NAME", description = "the tenant")
    String tenant = "";

    @Option(names = "--yes", description = "does not ask for the name once more")
    boolean yes;

    TenantDelete(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Identity.requireTenant(tenant);
        try (Deployment deployment = session.open()) {
            Removal removal = deployment.removal(session::pause);
            if (!removal.knows(tenant)) {
                throw TenantCommands.unknown(tenant);
            }
            confirm(deployment);
            removal.close(tenant);
            session.report()
                    .note(
                            tenant
                                    + " is closed: nobody gets in any more, what waited is gone. What runs is asked to"
                                    + " stop.");
            long[] gone = {0, 0};
            try (Tally tally = new Tally(session.report(), session.clock())) {
                removal.settle(tenant, holding -> tally.at(() -> line(holding)));
                removal.remove(
                        tenant,
                        (items, objects) -> {
                            gone[0] = items;
                            gone[1] = objects;
                            tally.at(() -> line(items, objects));
                        });
            }
            ObjectNode json = Json.object().put("deleted", tenant);
            json.put("items", gone[0]).put("objects", gone[1]);
            session.report()
                    .result(
                            json,
                            "Deleted " + tenant + ": " + line(gone[0], gone[1]) + " are gone.");
            return 0;
        }
    }

    private void confirm(Deployment deployment) {
        if (yes) {
            return;
        }
        String typed =
                session.ask(
                                "This deletes the tenant "
                                        + tenant
                                        + " of "
                                        + deployment.name()
                                        + " with all that it has, for good. Its name, to go on:")
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        "Nobody is there to ask: give --yes to delete "
                                                + tenant
                                                + " of "
                                                + deployment.name()
                                                + "."));
        if (!typed.strip().equals(tenant)) {
            throw new Refusal("Nothing was deleted.");
        }
    }

    private static String line(Removal.Holding holding) {
        return "waiting for "
                + holding.jobs()
                + " prompts that run, "
                + holding.sockets()
                + " open sockets, "
                + Math.max(0, holding.keys().toSeconds())
                + " s in which its keys may still be taken";
    }

    private static String line(long items, long objects) {
        return items + " items of the table and " + objects + " stored objects";
    }
}
