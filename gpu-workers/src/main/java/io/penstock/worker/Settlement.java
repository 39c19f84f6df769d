package io.penstock.worker;

import io.penstock.service.Metrics;
import io.penstock.topics.record.Tag;
import io.penstock.topics.record.Usage;
import io.penstock.topics.record.Verdict;

/// Counts what an endpoint's tickets really took, and learns from it.
record Settlement(String endpoint, WorkerContext context) {
    /// Settles a ticket that ended with `verdict`; returns the output tokens made by its last run, 0 if it
    /// has no answer.
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
        metrics.record(WorkerMetric.ESTIMATE_RATIO, real / Math.max(1, ticket.expected.kvTokens()), endpoint);
        int kept = ticket.run == null ? 0 : ticket.run.keptTokens();
        metrics.count(
                WorkerMetric.RECLAIMED_TOKENS,
                real - kept,
                endpoint,
                ticket.band().wireName());
        return Math.max(0, usage.outputTokens() - kept);
    }

    private void countKept(RunningTicket ticket) {
        if (ticket.run != null && ticket.run.keptTokens() > 0) {
            context.metrics().count(WorkerMetric.RESUMED, endpoint);
            context.metrics().count(WorkerMetric.KEPT_TOKENS, ticket.run.keptTokens(), endpoint);
        }
    }
}
