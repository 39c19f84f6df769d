package io.penstock.router.ledger.lane;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.TenantId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;

/// One tenant's part of a lane: its backlogs that may be given out, and the service it has had.
///
/// `served` is virtual time: tokens of cost over the tenant's weight. It is held in memory only; after a
/// restart all flows begin level.
///
/// Its *position* among those that have something for a model is `served`, raised to where the others stood when
/// it came to that model: who waited elsewhere, even in vain, has saved nothing up.
///
/// A *spell* begins when it has something ready after it had nothing. Who was idle begins at the model's clock,
/// which forgives what was charged before it and lies below; so of an earlier spell's charge only that is given back
/// which still stands.
public final class Flow {
    private final TenantId tenant;
    private final Map<ModelName, NavigableSet<Backlog>> ready = new HashMap<>();
    /// By how much its position lies above `served`, for each model where it does.
    private final Map<ModelName, Double> raised = new HashMap<>();
    /// The models it was charged for in this spell, and the one it began with.
    private final Set<ModelName> used = new HashSet<>();
    private double served;
    private int spell;
    private double began;
    private double charged;

    Flow(TenantId tenant, double served) {
        this.tenant = tenant;
        this.served = served;
        this.began = served;
    }

    public TenantId tenant() {
        return tenant;
    }

    public double served() {
        return served;
    }

    /// How often it began a spell.
    int spell() {
        return spell;
    }

    /// Where it stands among the flows that have something ready for `model`: the lowest goes first.
    public double position(ModelName model) {
        return raised.isEmpty() ? served : served + raised.getOrDefault(model, 0.0);
    }

    /// Least served first.
    static Comparator<Flow> byPosition(ModelName model) {
        return Comparator.<Flow>comparingDouble(flow -> flow.position(model)).thenComparing(flow -> flow.tenant);
    }

    /// To be called, as the next three, only while the flow is in no order of flows.
    void serve(ModelName model, double virtual) {
        served += virtual;
        charged += virtual;
        used.add(model);
    }

    /// Takes back `virtual` of what it was charged in `ofSpell`.
    void giveBack(double virtual, int ofSpell) {
        if (ofSpell == spell) {
            served -= virtual;
            charged -= virtual;
        } else {
            served -= Math.min(virtual, Math.max(0, served - began - charged));
        }
    }

    /// A spell begins, with something for `model`, whose clock shows `clock`.
    void begin(ModelName model, double clock) {
        served = Math.max(position(model), clock);
        raised.clear();
        used.clear();
        used.add(model);
        spell++;
        began = clock;
        charged = 0;
    }

    /// It stands at `clock` at least among those with something for `model`; to be called only while it is not in
    /// their order.
    void raise(ModelName model, double clock) {
        if (position(model) < clock) {
            raised.put(model, clock - served);
        }
    }

    /// True if it has nothing ready, and stands no higher than `clock` says for any model it was charged for: it is
    /// as good as a new one.
    boolean isLevel(ToDoubleFunction<ModelName> clock) {
        return isIdle() && used.stream().allMatch(model -> position(model) <= clock.applyAsDouble(model));
    }

    /// Its backlogs for `model`, most urgent first.
    public Collection<Backlog> ready(ModelName model) {
        NavigableSet<Backlog> backlogs = ready.get(model);
        return backlogs == null ? List.of() : backlogs;
    }

    /// The models it has something ready for.
    Collection<ModelName> models() {
        return ready.keySet();
    }

    boolean isIdle() {
        return ready.isEmpty();
    }

    /// True if this makes the flow ready for the backlog's model.
    boolean list(Backlog backlog) {
        NavigableSet<Backlog> backlogs =
                ready.computeIfAbsent(backlog.key().model(), model -> new TreeSet<>(Backlog.BY_URGENCY));
        backlogs.add(backlog);
        return backlogs.size() == 1;
    }

    /// True if nothing is left of the backlog's model.
    boolean delist(Backlog backlog) {
        NavigableSet<Backlog> backlogs = ready.get(backlog.key().model());
        if (backlogs == null) {
            return false;
        }
        backlogs.remove(backlog);
        if (backlogs.isEmpty()) {
            ready.remove(backlog.key().model());
            return true;
        }
        return false;
    }
}
