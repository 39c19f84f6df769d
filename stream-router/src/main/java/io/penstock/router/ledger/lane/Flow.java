package io.penstock.router.ledger.lane;

import io.penstock.topics.id.ModelName;
import io.penstock.topics.id.TenantId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/// One tenant's part of a lane: its backlogs that may be given out, and the service it has had.
///
/// `served` is virtual time: tokens of cost over the tenant's weight. It is held in memory only; after a
/// restart all flows begin level.
///
/// A *spell* begins when it has something ready after it had nothing. Who was idle begins at the lane's clock,
/// which forgives what was charged before it and lies below; so of an earlier spell's charge only that is given back
/// which still stands.
public final class Flow {
    /// Least served first.
    static final Comparator<Flow> BY_SERVICE =
            Comparator.<Flow>comparingDouble(flow -> flow.served).thenComparing(flow -> flow.tenant);

    private final TenantId tenant;
    private final Map<ModelName, NavigableSet<Backlog>> ready = new HashMap<>();
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

    /// To be called, as the next two, only while the flow is in no order of flows.
    void serve(double virtual) {
        served += virtual;
        charged += virtual;
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

    /// A spell begins.
    void begin(double clock) {
        spell++;
        began = clock;
        charged = 0;
        served = Math.max(served, clock);
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
