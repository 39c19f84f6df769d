package io.penstock.worker;

import io.penstock.payload.PayloadStore;
import io.penstock.pool.kv.Estimates;
import io.penstock.service.Metrics;
import java.time.InstantSource;

/// What all endpoints of a worker share.
record WorkerContext(
        WorkerConfig config,
        int workPartition,
        PayloadStore payloads,
        Reports reports,
        Announcer announcer,
        Estimates estimates,
        Metrics metrics,
        InstantSource clock) {}
