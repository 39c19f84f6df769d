package io.penstock.simulator.engine;

import java.util.Comparator;
import java.util.TreeSet;

/// The sequences that wait, in the order the policy serves them.
final class WaitingQueue {
    private final TreeSet<Sequence> order;
    private long headRank;

    WaitingQueue(SchedulingPolicy policy) {
        order = new TreeSet<>(
                switch (policy) {
                    case FCFS -> Comparator.comparingLong((Sequence sequence) -> sequence.queueRank);
                    case PRIORITY -> byPriority();
                });
    }

    /// Best first; under the priority policy the last of the running sequences is the victim of a
    /// preemption.
    static Comparator<Sequence> byPriority() {
        return Comparator.comparingLong((Sequence sequence) -> sequence.request.priority())
                .thenComparingLong(sequence -> sequence.arrival);
    }

    void add(Sequence sequence) {
        order.add(sequence);
    }

    /// Puts a preempted sequence before all others (under the priority policy: to its place by
    /// priority).
    void addFirst(Sequence sequence) {
        headRank--;
        sequence.queueRank = headRank;
        order.add(sequence);
    }

    void remove(Sequence sequence) {
        order.remove(sequence);
    }

    Sequence first() {
        return order.first();
    }

    boolean isEmpty() {
        return order.isEmpty();
    }

    int size() {
        return order.size();
    }
}
