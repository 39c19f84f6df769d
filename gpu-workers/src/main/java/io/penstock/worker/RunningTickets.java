package io.penstock.worker;

import io.penstock.pool.kv.Yield;
import io.penstock.topics.id.RequestId;
import io.penstock.worker.run.RunInProgress;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The tickets that run at an endpoint. Guarded by its lock.
final class RunningTickets {
    private final Map<RequestId, RunningTicket> running = new HashMap<>();

    int size() {
        return running.size();
    }

    void add(RunningTicket ticket) {
        running.put(ticket.id(), ticket);
    }

    void remove(RunningTicket ticket) {
        running.remove(ticket.id(), ticket);
    }

    @Nullable
    RunningTicket find(RequestId id) {
        return running.get(id);
    }

    /// Those whose answers are streamed here and have begun.
    List<RequestId> answering() {
        return running.values().stream()
                .filter(ticket -> ticket.run != null && ticket.run.generatedTokens() > 0)
                .map(RunningTicket::id)
                .toList();
    }

    /// Marks those that were not told to stop as drained; returns what can be cancelled of them.
    List<RunInProgress> drained() {
        List<RunningTicket> stopping = running.values().stream()
                .filter(ticket -> ticket.stop == RunningTicket.Stop.NONE)
                .toList();
        stopping.forEach(ticket -> ticket.stop = RunningTicket.Stop.DRAINED);
        return runs(stopping::contains);
    }

    /// What can be cancelled of those that `which` accepts.
    List<RunInProgress> runs(Predicate<RunningTicket> which) {
        return running.values().stream()
                .filter(which)
                .map(ticket -> ticket.run)
                .filter(run -> run != null)
                .toList();
    }

    /// Those of `ids` that run, in this order, as candidates for giving way.
    List<Yield.Candidate> candidates(Collection<RequestId> ids) {
        return ids.stream()
                .map(running::get)
                .filter(ticket -> ticket != null)
                .map(ticket -> new Yield.Candidate(
                        ticket.id(),
                        ticket.ticket.meta().yields(),
                        ticket.request().tag().deadline()))
                .toList();
    }

    /// Marks those of `victims` that run and were not told to stop as yielding; returns them.
    List<RunningTicket> yielding(Collection<RequestId> victims) {
        List<RunningTicket> stopping = running.values().stream()
                .filter(ticket -> ticket.stop == RunningTicket.Stop.NONE && victims.contains(ticket.id()))
                .toList();
        stopping.forEach(ticket -> ticket.stop = RunningTicket.Stop.YIELDED);
        return stopping;
    }
}
