package io.penstock.pool.pick;

import io.penstock.pool.EngineLoad;
import java.time.Instant;

/// Whether an endpoint takes one more call.
///
/// ```
/// good   = queue ≤ waiting max  and  KV use ≤ KV max
/// queue  = what a call sent now finds waiting before it + max(0, calls sent since the account − those that will run at
/// once)
/// at once = max(burst, running) while nothing waits, else 0
/// ```
///
/// Calls sent since the last account are in nobody's figures: without them a whole queue would be let
/// into the first endpoint that reports room. While nothing waits, as many may come as run there, so
/// that an idle engine fills by doubling with each account (50 ms) and not by six.
///
/// What is unknown is neither none nor full. An endpoint without metrics, with an account that has grown
/// old, or with an unknown queue or KV use takes a number of our calls and no more. vLLM's gauges move only when a
/// step yields output: after a mass cancellation they can stand at full for ever, so one that stood still
/// with nothing of ours in flight earns a call.
final class Saturation {
    private final PickPolicy.Limits limits;

    Saturation(PickPolicy.Limits limits) {
        this.limits = limits;
    }

    /// True if `candidate` takes one more call at `now`.
    boolean isGood(Candidate candidate, Instant now) {
        EngineLoad load = candidate.state().load();
        if (load == null || load.queue().isEmpty() || load.takenAt().isBefore(now.minus(limits.loadAgeMax()))) {
            return candidate.ours().inFlight() < limits.blindCalls();
        }
        boolean cacheHasRoom = load.kvUse().isPresent()
                ? load.kvUse().getAsDouble() <= limits.kvUseMax()
                : candidate.ours().inFlight() < limits.blindCalls();
        return (cacheHasRoom && queue(candidate, load, load.queue().getAsInt()) <= limits.waitingMax())
                || earnsProbe(candidate, now);
    }

    private int queue(Candidate candidate, EngineLoad load, int waiting) {
        int atOnce = waiting == 0 ? Math.max(limits.burst(), load.running().orElse(0)) : 0;
        return waiting + Math.max(0, candidate.ours().sentSinceLoad() - atOnce);
    }

    private boolean earnsProbe(Candidate candidate, Instant now) {
        return candidate.ours().inFlight() == 0 && !candidate.steadySince().isAfter(now.minus(limits.probeAfter()));
    }
}
