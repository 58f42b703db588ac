package comfyserverless.runner.claim;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.JobResult;
import comfyserverless.contract.job.PromptBody;
import comfyserverless.contract.job.Pulse;
import java.util.Optional;

/// [Claims] before others: what is not overridden is passed on as it is.
public abstract class PassedOnClaims implements Claims {
    private final Claims claims;

    protected PassedOnClaims(Claims claims) {
        this.claims = claims;
    }

    @Override
    public Optional<Claim> claim(String own) {
        return claims.claim(own);
    }

    @Override
    public boolean start(Claim claim) {
        return claims.start(claim);
    }

    @Override
    public PromptBody body(Claim claim) {
        return claims.body(claim);
    }

    @Override
    public Pulse heartbeat(Claim claim) {
        return claims.heartbeat(claim);
    }

    @Override
    public Pulse look(Claim claim) {
        return claims.look(claim);
    }

    @Override
    public boolean finish(Claim claim, JobResult result) {
        return claims.finish(claim, result);
    }

    @Override
    public void giveBack(Claim claim) {
        claims.giveBack(claim);
    }

    @Override
    public void giveBackAll(String own) {
        claims.giveBackAll(own);
    }
}
