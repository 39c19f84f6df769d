package io.penstock.router.ledger.lane;

import io.penstock.topics.id.Band;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.PoolName;
import io.penstock.topics.id.TenantId;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// What is pending in one (pool, band), in fair order between tenants: start-time fair queueing (Goyal,
/// Vin and Cheng, 1996) over token cost.
///
/// The flow least served goes first. A flow that was idle begins where the flow stood that went last, so that nobody
/// saves up service by staying away; as engines may serve different models, each model has such a clock (`Levels`).
public final class Lane {
    private final PoolName pool;
    private final Band band;
    private final Weights weights;
    private final Map<TenantId, Flow> flows = new HashMap<>();
    private final Map<ModelName, NavigableSet<Flow>> ready = new HashMap<>();
    private final LaneMeter meter = new LaneMeter();
    private final Levels levels = new Levels();
    private double owed;
    private long largest;

    Lane(PoolName pool, Band band, Weights weights) {
        this.pool = pool;
        this.band = band;
        this.weights = weights;
    }

    public PoolName pool() {
        return pool;
    }

    public Band band() {
        return band;
    }

    /// How fast it is worked off.
    public LaneMeter meter() {
        return meter;
    }

    /// The flows that have something ready for `model`, least served first.
    public NavigableSet<Flow> ready(ModelName model) {
        return ready.getOrDefault(model, Collections.emptyNavigableSet());
    }

    /// All flows with something ready.
    public Collection<Flow> flows() {
        return flows.values().stream().filter(flow -> !flow.isIdle()).toList();
    }

    boolean isIdle() {
        return ready.isEmpty();
    }

    /// Brings the order up to date after something of `backlog` has changed.
    void changed(Backlog backlog) {
        boolean now = backlog.isReady();
        long urgency = now ? backlog.freshUrgencyMs() : 0;
        if (now == backlog.isListed() && (!now || urgency == backlog.urgencyMs())) {
            return;
        }
        delist(backlog);
        if (now) {
            list(backlog, urgency);
        }
    }

    void list(Backlog backlog, long urgency) {
        ModelName model = backlog.key().model();
        Flow flow = flow(backlog.key().tenant(), model);
        if (flow.isIdle()) {
            flow.begin(model, levels.clock(model));
        }
        backlog.list(true, urgency);
        if (flow.list(backlog)) {
            flow.raise(model, levels.clock(model));
            order(model).add(flow);
        }
    }

    void delist(Backlog backlog) {
        Flow flow = flows.get(backlog.key().tenant());
        if (!backlog.isListed() || flow == null) {
            return;
        }
        if (flow.delist(backlog)) {
            ready.computeIfPresent(backlog.key().model(), (model, order) -> {
                order.remove(flow);
                return order.isEmpty() ? null : order;
            });
        }
        backlog.list(false, 0);
        forgetIfLevel(flow);
    }

    /// Charges the tenant of `backlog` for `cost` tokens given out to it, to a taker that serves `models`.
    Charge charge(BacklogKey backlog, long cost, Collection<ModelName> models, Instant now) {
        Flow flow = flow(backlog.tenant(), backlog.model());
        levels.serve(models, now, this::raise);
        if (cost > 0) {
            levels.reach(models, Math.min(flow.position(backlog.model()), leastPosition(models)));
        }
        largest = Math.max(largest, cost);
        return charge(flow, backlog.model(), cost);
    }

    /// Charges `tenant` for `cost` tokens of a request for `model` that was given out before a restart.
    public Charge resume(TenantId tenant, ModelName model, long cost) {
        return charge(flow(tenant, model), model, cost);
    }

    /// Charges `tenant` for `cost` tokens of which it is known that it had them, from `model`.
    public void settle(TenantId tenant, ModelName model, long cost) {
        charge(flow(tenant, model), model, cost);
    }

    /// Corrects `charge` by `tokens`, negative if it was too much.
    void adjust(Charge charge, long tokens) {
        Flow flow = flow(charge.flow().tenant(), charge.model());
        double virtual = tokens / charge.weight();
        if (tokens >= 0) {
            change(flow, () -> flow.serve(charge.model(), virtual));
        } else if (flow == charge.flow()) {
            change(flow, () -> flow.giveBack(-virtual, charge.spell()));
        }
        forgetIfLevel(flow);
    }

    private Charge charge(Flow flow, ModelName model, long cost) {
        double weight = weights.of(flow.tenant());
        Charge charge = new Charge(this, flow, model, flow.spell(), cost, weight);
        change(flow, () -> flow.serve(model, cost / weight));
        forgetIfLevel(flow);
        return charge;
    }

    private Flow flow(TenantId tenant, ModelName model) {
        return flows.computeIfAbsent(tenant, name -> new Flow(name, levels.clock(model)));
    }

    private void change(Flow flow, Runnable change) {
        flow.models().forEach(model -> order(model).remove(flow));
        change.run();
        flow.models().forEach(model -> order(model).add(flow));
    }

    /// Raises those flows to `clock` that stand lower among those with something for `model`.
    private void raise(ModelName model, double clock) {
        List<Flow> lower = ready(model).stream()
                .takeWhile(flow -> flow.position(model) < clock)
                .toList();
        for (Flow flow : lower) {
            order(model).remove(flow);
            flow.raise(model, clock);
            order(model).add(flow);
        }
    }

    /// A band above has been given `cost` tokens: a minimum share of all that is given out is this
    /// lane's due while it has work, up to twice the largest request it has had since it last had none.
    void owe(double due) {
        largest = isIdle() ? 0 : largest;
        owed = isIdle() ? 0 : Math.min(owed + due, 2.0 * (double) Math.max(1, largest));
    }

    /// True if something is due to it although bands above it have work.
    boolean isOwed() {
        return owed > 0 && !isIdle();
    }

    /// True if a request of `cost` is due.
    boolean isOwed(long cost) {
        largest = Math.max(largest, cost);
        return owed >= cost;
    }

    void paid(long cost) {
        owed -= cost;
    }

    /// Forgets tenants without work that are level with the others, as far as those get on.
    public void prune(Instant now) {
        flows.values()
                .removeIf(flow -> flow.isLevel(
                        model -> levels.isBlocked(model, now) ? Double.POSITIVE_INFINITY : levels.clock(model)));
    }

    private double leastPosition(Collection<ModelName> models) {
        double least = Double.MAX_VALUE;
        for (ModelName model : models) {
            NavigableSet<Flow> order = ready.get(model);
            least = order == null || order.isEmpty()
                    ? least
                    : Math.min(least, order.first().position(model));
        }
        return least;
    }

    private NavigableSet<Flow> order(ModelName model) {
        return ready.computeIfAbsent(model, name -> new TreeSet<>(Flow.byPosition(name)));
    }

    /// An idle flow that is not ahead of the clock is as good as a new one.
    private void forgetIfLevel(Flow flow) {
        if (flow.isLevel(levels::clock)) {
            flows.remove(flow.tenant());
        }
    }
}
