package io.penstock.router.ledger;

import io.penstock.router.ledger.lane.Charge;
import io.penstock.router.ledger.lane.Lane;
import io.penstock.topics.id.RequestId;
import io.penstock.topics.record.Request;
import java.util.HashMap;
import java.util.Map;

/// What the tenants are charged for the requests that workers hold, one charge for each, about 100 bytes.
///
/// Each charge is closed once: settled with what the request took, if a worker's last word ended it, given back if
/// it left its worker in any other way. Held in memory, as the service of the tenants is: after a restart
/// all begin level, but for what is out.
final class Charges {
    private final Map<RequestId, Charge> open = new HashMap<>();

    /// Forgets all of it; the lanes are to be new ones.
    void recover() {
        open.clear();
    }

    /// Request `id` is now at a worker.
    void open(RequestId id, Charge charge) {
        if (open.put(id, charge) != null) {
            throw new IllegalStateException("request " + id + " is charged already");
        }
        charge.lane().meter().started();
    }

    /// `request` has left its worker without a final word; nothing happens if that was settled.
    void giveBack(Request request) {
        Charge charge = open.remove(request.id());
        if (charge != null) {
            charge.lane().meter().stopped();
            charge.giveBack();
        }
    }

    /// A worker's last word on `request` is that it took `tokens`. If that comes late, from a worker that had lost it,
    /// nothing is charged for it any more, and it is charged in `now`, the lane it is in.
    void settle(Request request, long tokens, Lane now) {
        Charge charge = open.remove(request.id());
        if (charge == null) {
            now.settle(request.tag().tenant(), request.tag().servedAs(), tokens);
        } else {
            charge.lane().meter().stopped();
            charge.lane().meter().ended(charge.tokens());
            charge.settle(tokens);
        }
    }

    /// Requests at workers.
    int count() {
        return open.size();
    }
}
