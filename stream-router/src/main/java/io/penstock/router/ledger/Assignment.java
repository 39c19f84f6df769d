package io.penstock.router.ledger;

import io.penstock.topics.record.Puller;

/// One assignment of a request: its epoch (from 1, rising with each), to whom, and under which of the
/// puller's numbers.
public record Assignment(int epoch, Puller puller, long ticket) {}
