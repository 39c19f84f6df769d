package io.penstock.simulator;

import io.penstock.simulator.driver.EngineDriver;
import io.penstock.simulator.driver.EngineStats;
import io.penstock.simulator.driver.Pacer;
import io.penstock.simulator.engine.Engine;
import io.penstock.simulator.engine.EngineConfig;
import io.penstock.simulator.faults.FaultKind;
import io.penstock.simulator.faults.Faults;
import io.penstock.simulator.http.HttpServer;
import io.penstock.simulator.metrics.EngineMetrics;
import io.penstock.simulator.openai.Backend;
import io.penstock.simulator.openai.MetricsView;
import io.penstock.simulator.openai.ServedModel;
import io.penstock.simulator.openai.VllmApi;
import io.penstock.simulator.requests.RequestLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.BooleanSupplier;

/// A running vLLM that needs no GPU: an engine, the thread that drives it, and an HTTP server.
public final class Simulator implements AutoCloseable {
    /// How long answers that were ended by the shutdown may take to leave.
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(2);

    private final SimulatorConfig config;
    private final EngineDriver driver;
    private final Faults faults;
    private final RequestLog requests = new RequestLog();
    private final VllmApi api;
    private final HttpServer server;
    private final Pacer pacer = Pacer.system();

    private Simulator(SimulatorConfig config) throws IOException {
        this.config = config;
        EngineConfig engine = config.engine().config();
        EngineMetrics metrics = new EngineMetrics(config.models().getFirst(), engine.limits(), engine.prefixCaching());
        InstantSource clock = InstantSource.system();
        ServedModel model = new ServedModel(
                config.models(),
                engine.limits(),
                config.answers().seed(),
                config.answers().meanOutputTokens(),
                clock.instant().getEpochSecond());
        this.faults = new Faults(pacer::nanoTime);
        MetricsView view = new MetricsView(metrics, faults);
        this.driver =
                new EngineDriver(new Engine(engine), pacer, config.engine().speedup(), metrics);
        this.api = new VllmApi(new Backend(model, driver, view, faults, requests), clock);
        this.server = listen(config.port());
        faults.onChange(() -> {
            view.faultsChanged();
            listenUnlessRefusing();
        });
    }

    /// Starts a simulator; it accepts connections when this returns.
    ///
    /// @throws UncheckedIOException when the port is taken
    public static Simulator start(SimulatorConfig config) {
        try {
            return new Simulator(config);
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    /// For clients on this machine, without `/v1`: `http://127.0.0.1:<port>`.
    public String baseUrl() {
        return "http://127.0.0.1:" + port();
    }

    /// The port, for a restart with [SimulatorConfig#withPort].
    public int port() {
        return server.port();
    }

    /// The script of what goes wrong.
    public Faults faults() {
        return faults;
    }

    /// What arrived at the inference routes.
    public RequestLog requests() {
        return requests;
    }

    /// The engine at this moment; `/metrics` shows the last step instead.
    public EngineStats engineStats() {
        return driver.stats();
    }

    /// Shuts down as vLLM does on SIGTERM: no new connections; running requests go on for the shutdown
    /// timeout, then they are answered 200 with `finish_reason` `abort`. May be called twice.
    @Override
    public void close() {
        api.drain();
        stopListening();
        awaitIdle(config.shutdownTimeout());
        driver.close();
        awaitIdle(LAST_ANSWERS);
        server.closeAll();
    }

    /// Dies as on SIGKILL: every connection is reset at once, nothing is answered.
    public void kill() {
        stopListening();
        server.resetAll();
        driver.close();
    }

    private HttpServer listen(int port) throws IOException {
        BooleanSupplier reset = () -> faults.take(FaultKind.RESET_CONNECTION);
        try {
            return new HttpServer(new InetSocketAddress(port), api, VllmApi::error, reset);
        } catch (IOException e) {
            driver.close();
            throw e;
        }
    }

    private void stopListening() {
        faults.onChange(() -> {});
        try {
            server.listen(false);
        } catch (IOException e) {
            throw new UncheckedIOException("closing port " + port() + " failed", e);
        }
    }

    private void listenUnlessRefusing() {
        try {
            server.listen(!faults.refusesConnections());
        } catch (IOException e) {
            throw new UncheckedIOException(String.valueOf(e.getMessage()), e);
        }
    }

    private void awaitIdle(Duration limit) {
        long end = pacer.nanoTime() + limit.toNanos();
        while (server.busyConnections() > 0 && pacer.nanoTime() < end) {
            pacer.sleepUntil(
                    Math.min(end, pacer.nanoTime() + Duration.ofMillis(5).toNanos()));
        }
    }
}
