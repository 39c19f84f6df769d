package io.penstock.worker;

import io.penstock.service.Metrics;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;

/// Counts what an endpoint's tickets really took, and learns from it.
record Settlement(String endpoint, WorkerContext context) {
    /// Settles a ticket that ended with `verdict`; returns the tokens of its answer, 0 if it has none.
    long settle(RunningTicket ticket, Verdict verdict) {
        countKept(ticket);
        if (!(verdict instanceof Verdict.Answered answered) || answered.usage() == null) {
            return 0;
        }
        Usage usage = answered.usage();
        Tag tag = ticket.request().tag();
        context.estimates().settle(tag.servedAs(), tag.tenant(), tag.cost(), usage);
        double real = (double) usage.inputTokens() + usage.outputTokens();
        Metrics metrics = context.metrics();
        metrics.count(WorkerMetric.EXPECTED_TOKENS, (double) ticket.expected.kvTokens(), endpoint);
        metrics.count(WorkerMetric.REAL_TOKENS, real, endpoint);
        metrics.count(
                WorkerMetric.RECLAIMED_TOKENS, real, endpoint, ticket.band().wireName());
        return usage.outputTokens();
    }

    private void countKept(RunningTicket ticket) {
        if (ticket.run != null && ticket.run.keptTokens() > 0) {
            context.metrics().count(WorkerMetric.RESUMED, endpoint);
            context.metrics().count(WorkerMetric.KEPT_TOKENS, ticket.run.keptTokens(), endpoint);
        }
    }
}
