package io.penstock.worker;

import io.penstock.payload.PayloadStore;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.discovery.EngineDiscovery;
import io.penstock.pool.kv.Estimates;
import io.penstock.service.Health;
import io.penstock.service.KafkaClients;
import io.penstock.service.Metrics;
import io.penstock.service.Service;
import io.penstock.topics.catalogue.Partitioning;
import io.penstock.topics.catalogue.Topics;
import io.penstock.topics.id.Incarnation;
import io.penstock.topics.record.Envelope;
import io.penstock.topics.record.InteractiveLoad;
import io.penstock.topics.record.Work;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One life of a worker: reads its tickets, drives the endpoints that discovery finds, reports. Stopping drains:
/// nothing
/// more is wanted, what runs may finish within the drain timeout, the rest goes back to the ledger
/// without costing an attempt.
public final class Worker implements Service {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration PULSE = Duration.ofMillis(50);

    private final WorkerConfig config;
    private final Incarnation incarnation = Incarnation.random();
    private final EngineClient client = new EngineClient();
    private final Reports reports;
    private final TicketReader reader;
    private final LoadReader load;
    private final DrivenEndpoints endpoints;
    private final EngineDiscovery discovery;
    private final ScheduledExecutorService pulse = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("pulls").factory());
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean lost;
    private volatile long receivedNanos;

    /// A worker that is not yet started.
    public Worker(
            WorkerConfig config,
            KafkaClients kafka,
            Topics topics,
            PayloadStore payloads,
            Metrics metrics,
            InstantSource clock) {
        this.config = config;
        this.reports = new KafkaReports(kafka.producer(), topics, this::lost);
        int partition = Partitioning.ofWorker(incarnation, topics.work().partitions());
        this.reader =
                new TicketReader(kafka.consumer(), topics.work(), partition, incarnation, this::received, this::lost);
        this.load = new LoadReader(kafka.consumer(), topics.interactive(), this::heard);
        WorkerContext context = new WorkerContext(
                config,
                partition,
                payloads,
                reports,
                new Announcer(config.aliases(), reports::serving),
                new Estimates(),
                metrics,
                clock);
        this.endpoints = new DrivenEndpoints(incarnation, client, context);
        this.discovery = new EngineDiscovery(config.engines(), new WorkerDiscovery(endpoints, metrics));
        WorkerDiscovery.register(discovery, endpoints, metrics);
    }

    @Override
    public String name() {
        return "worker";
    }

    @Override
    public void start() {
        reader.start();
        load.start();
        discovery.start();
        Future<?> _ = pulse.scheduleWithFixedDelay(this::pulse, 0, PULSE.toMillis(), TimeUnit.MILLISECONDS);
        LOG.atInfo()
                .addKeyValue("worker", config.worker())
                .addKeyValue("incarnation", incarnation)
                .addKeyValue("engines", config.engines())
                .log("worker started");
    }

    /// Up while tickets are read and at least one endpoint takes calls.
    public Health health() {
        if (lost) {
            return new Health.Down("an outcome could not be written");
        }
        if (!reader.isAlive()) {
            return new Health.Down("tickets are not being read");
        }
        Collection<EndpointWorker> driven = endpoints.all();
        return Health.of(
                driven.stream().anyMatch(EndpointWorker::isUsable),
                driven.isEmpty()
                        ? "no engine is found at " + config.engines()
                        : "no endpoint is ready, or each fails whatever it is given");
    }

    /// Returns once this life has ended: by `close`, or because its reports could not be written.
    public void awaitEnded() throws InterruptedException {
        ended.await();
    }

    @Override
    public void close() {
        discovery.close();
        receivedNanos = System.nanoTime();
        endpoints.drain();
        Collection<EndpointWorker> driven = endpoints.all();
        if (!awaitIdle(config.drainTimeout())) {
            driven.forEach(EndpointWorker::cancelAll);
            awaitIdle(Duration.ofSeconds(5));
        }
        // The heartbeat goes on until here: a draining worker is not a dead one.
        pulse.shutdownNow();
        reader.close();
        load.close();
        driven.forEach(EndpointWorker::close);
        client.close();
        reports.close();
        ended.countDown();
    }

    private void received(Envelope<Work> work) {
        receivedNanos = System.nanoTime();
        EndpointWorker endpoint = endpoints.find(work.meta().puller().endpoint());
        if (endpoint == null) {
            return;
        }
        switch (work.meta()) {
            case Work.Ticket ticket -> endpoint.accept(new Envelope<>(ticket, work.payload()));
            case Work.Abort abort -> endpoint.abort(abort);
        }
    }

    private void heard(InteractiveLoad said) {
        EndpointWorker endpoint = endpoints.find(said.endpoint());
        if (endpoint != null) {
            endpoint.heard(said);
        }
    }

    private void pulse() {
        try {
            if (!lost) {
                endpoints.pulse();
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("a pull failed");
        }
    }

    /// Without pulls the ledger takes this life for dead and gives its tickets to others.
    private void lost() {
        lost = true;
        ended.countDown();
    }

    private boolean awaitIdle(Duration limit) {
        long end = System.nanoTime() + limit.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        try {
            while (isBusy()) {
                if (System.nanoTime() > end) {
                    return false;
                }
                boolean _ = never.await(20, TimeUnit.MILLISECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean isBusy() {
        return System.nanoTime() - receivedNanos < Departure.QUIET.toNanos()
                || endpoints.all().stream().anyMatch(endpoint -> endpoint.inFlight() > 0);
    }
}
