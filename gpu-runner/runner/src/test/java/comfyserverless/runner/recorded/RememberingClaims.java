package comfyserverless.runner.recorded;

import comfyserverless.contract.job.Claim;
import comfyserverless.contract.job.Claims;
import comfyserverless.contract.job.Pulse;
import comfyserverless.runner.claim.PassedOnClaims;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/// Claims that remember which job was claimed last, and whose calls may lose their answers.
final class RememberingClaims extends PassedOnClaims {
    private final AtomicReference<Claim> last = new AtomicReference<>();
    private final Set<Loss> losses = ConcurrentHashMap.newKeySet();

    /// The answer to the next call of that kind is lost once the call has done its work.
    void lose(Loss loss) {
        losses.add(loss);
    }

    private void answered(Loss loss) {
        if (losses.remove(loss)) {
            throw loss.failure();
        }
    }

    @Override
    public boolean start(Claim claim) {
        boolean started = super.start(claim);
        answered(Loss.START);
        return started;
    }

    @Override
    public Pulse heartbeat(Claim claim) {
        Pulse pulse = super.heartbeat(claim);
        answered(Loss.HEARTBEAT);
        return pulse;
    }

    @Override
    public void giveBackAll(String own) {
        super.giveBackAll(own);
        answered(Loss.GIVE_BACK_ALL);
    }

    RememberingClaims(Claims claims) {
        super(claims);
    }

    Claim last() {
        Claim claim = last.get();
        if (claim == null) {
            throw new IllegalStateException("nothing was claimed");
        }
        return claim;
    }

    @Override
    public Optional<Claim> claim(String own) {
        Optional<Claim> claim = super.claim(own);
        claim.ifPresent(last::set);
        answered(Loss.CLAIM);
        return claim;
    }
}
